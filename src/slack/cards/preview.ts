/** What will happen: the preview's sentence and details, what goes out, and what to know before deciding. */
import type { KnownBlock } from '@slack/types';
import type { Preview } from '../../core/action.ts';
import type { PlatformRequest } from '../../core/request.ts';
import { count } from '../../core/text.ts';
import { bold, context, fields, inline, linesWithin, link, linked, section } from '../blocks.ts';

/** More commits than this are behind the compare link: a card is for deciding in ten seconds. */
const maxCommits = 8;
const maxCautions = 6;

export function previewBlocks(request: PlatformRequest): KnownBlock[] {
  const { preview, verdict } = request;
  if (!preview) return [];
  const isRunning = request.status === 'running' || request.status === 'undoing';
  const warnings = verdict?.warnings.map((reason) => reason.text) ?? [];
  return [
    section(`${isRunning ? 'What happens' : 'What will happen'}: ${linked(preview.sentence)}`),
    // While it runs the steps say more than the details do.
    ...(isRunning ? [] : [...detailBlocks(preview), ...commitBlocks(preview), ...pullBlocks(preview)]),
    ...cautionBlocks([...preview.cautions, ...warnings]),
  ];
}

export function detailBlocks(preview: Preview): KnownBlock[] {
  if (preview.details.length === 0) return [];
  return [
    fields(preview.details.map((detail) => ({ label: detail.label, value: linked(detail.value, 400) }))),
  ];
}

export function commitBlocks(preview: Preview): KnownBlock[] {
  const { commits, compareUrl } = preview;
  if (commits.length === 0) return [];
  const lines = commits.map(
    (commit) =>
      `${link(commit.sha.slice(0, 7), commit.url)} ${inline(commit.title, 120)} – ${inline(commit.author, 60)}`,
  );
  const title = bold(`${count(commits.length, 'commit')} since what runs now`);
  const compare = compareUrl === undefined ? '' : ` · ${link('Compare', compareUrl)}`;
  const list = linesWithin(lines, maxCommits, (left) => `and ${count(left, 'more commit')}`, 2800);
  return [section(`${title}${compare}\n${list}`)];
}

export function pullBlocks({ pulls = [] }: Preview): KnownBlock[] {
  if (pulls.length === 0) return [];
  const lines = pulls.map(
    ({ number, title, author, url }) =>
      `${link(`#${number}`, url)} ${inline(title, 120)} – ${inline(author, 60)}`,
  );
  const list = linesWithin(lines, maxCommits, (left) => `and ${count(left, 'more')}`, 2800);
  return [section(`${bold('Pull requests')}\n${list}`)];
}

/** What to know; for what was refused, mostly what to do instead. */
export function cautionBlocks(cautions: readonly string[]): KnownBlock[] {
  if (cautions.length === 0) return [];
  const lines = cautions.map((caution) => `Caution: ${linked(caution, 400)}`);
  return [context(linesWithin(lines, maxCautions, (left) => `and ${count(left, 'more caution')}`))];
}
