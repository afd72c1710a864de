/** What will happen: the preview's sentence and details, what goes out, and what to know before deciding. */
import type { KnownBlock } from '@slack/types';
import type { Preview } from '../../core/action.ts';
import type { PlatformRequest } from '../../core/request.ts';
import { count } from '../../core/text.ts';
import { bold, context, fields, inline, linesWithin, link, linked, section } from '../blocks.ts';
import { riskBlocks } from './risks.ts';

/** More commits than this are behind the compare link: a card is for deciding in ten seconds. */
const maxCommits = 8;
const maxCautions = 6;

/** First of all: what it is in a sentence, and what to know before deciding. */
export function previewBlocks(request: PlatformRequest): KnownBlock[] {
  const { preview, verdict } = request;
  if (!preview) return [];
  const warnings = verdict?.warnings.map((reason) => reason.text) ?? [];
  return [
    section(`${isUnderWay(request) ? 'What happens' : 'What will happen'}: ${linked(preview.sentence)}`),
    ...riskBlocks(request),
    ...cautionBlocks([...preview.cautions, ...warnings]),
  ];
}

/** All of it, for whoever wants to look closer. While it runs the steps say more. */
export function previewDetailBlocks(request: PlatformRequest): KnownBlock[] {
  const { preview } = request;
  if (!preview || isUnderWay(request)) return [];
  return [...detailBlocks(preview), ...commitBlocks(preview), ...pullBlocks(preview)];
}

function isUnderWay({ status }: PlatformRequest): boolean {
  return status === 'running' || status === 'undoing';
}

export function detailBlocks(preview: Preview): KnownBlock[] {
  if (preview.details.length === 0) return [];
  return [
    fields(preview.details.map((detail) => ({ label: detail.label, value: linked(detail.value, 400) }))),
  ];
}

export function commitBlocks(preview: Preview): KnownBlock[] {
  const { commits, compareUrl, change } = preview;
  if (commits.length === 0) return [];
  const lines = commits.map(
    (commit) =>
      `${link(commit.sha.slice(0, 7), commit.url)} ${commitTitle(commit.title, preview)} – ${inline(commit.author, 60)}`,
  );
  // The preview lists the newest ones only; how many there are is a fact of its own.
  const all = change === undefined || change === 'unknown' ? lines.length : change.commits;
  const unlisted = Math.max(0, all - lines.length);
  const title = bold(`${count(lines.length + unlisted, 'commit')} since what runs now`);
  const compare = compareUrl === undefined ? '' : ` · ${link('Compare', compareUrl)}`;
  const more = (left: number) => `and ${count(left, 'more commit')}`;
  const padded = [...lines, ...Array.from({ length: unlisted }, () => '')];
  const list = linesWithin(padded, Math.min(maxCommits, lines.length), more, 2800);
  return [section(`${title}${compare}\n${list}`)];
}

/** A squashed pull request names its number at the end: linked there, it needs no line of its own. */
function commitTitle(title: string, { pulls = [] }: Preview): string {
  const number = squashedNumber(title);
  const pull = pulls.find((one) => one.number === number);
  if (!pull) return inline(title, 120);
  return `${inline(title.replace(squashed, ''), 110)} (${link(`#${pull.number}`, pull.url)})`;
}

const squashed = / *\(#(\d+)\)$/;

function squashedNumber(title: string): number | undefined {
  const found = squashed.exec(title)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Those that no commit of the list stands for already. */
export function pullBlocks({ commits, pulls: all = [] }: Preview): KnownBlock[] {
  const named = new Set(commits.slice(0, maxCommits).map(({ title }) => squashedNumber(title)));
  const pulls = all.filter(({ number }) => !named.has(number));
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
