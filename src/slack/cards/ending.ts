/** How it ended, in a few lines: what it handed over, or who stopped it and why, or what went wrong and what to do. */
import type { KnownBlock } from '@slack/types';
import type { PlatformRequest } from '../../core/request.ts';
import { count } from '../../core/text.ts';
import { bold, context, inline, linesWithin, link, linked, quote, section } from '../blocks.ts';
import { capitalised, stopped } from '../words.ts';
import type { CardContext } from './context.ts';
import { cautionBlocks } from './preview.ts';
import { decidedBlocks } from './requirement.ts';

export function endingBlocks(request: PlatformRequest, context_: CardContext): KnownBlock[] {
  switch (request.status) {
    case 'succeeded':
      return [...summaryBlocks(request), ...outputBlocks(request), ...decidedBlocks(request)];
    case 'failed':
      return [...failureBlocks(request), ...decidedBlocks(request)];
    case 'denied':
      return deniedBlocks(request);
    case 'cancelled':
      return [section(`${bold('Cancelled')}${cancelledWords(request)}`)];
    case 'expired':
      return [
        section(`${bold('Expired')}: ${unanswered(request, context_)} Ask again if it is still needed.`),
      ];
    default:
      return [];
  }
}

function cancelledWords({ cancelledBy, cancelledBecause, requester }: PlatformRequest): string {
  return cancelledBecause
    ? `: the account of ${inline(requester.name, 80)} was deactivated. Somebody else can ask for it anew.`
    : ` by ${inline(cancelledBy?.name ?? 'the requester', 80)}.`;
}

export function outputBlocks(request: PlatformRequest): KnownBlock[] {
  const { outputs, lock } = request;
  // What it says of a lock is over with the lock.
  if (!outputs || (lock?.kind === 'person' && lock.end)) return [];
  const lines = [
    ...outputs.links.map((one) => `${link(one.label, one.url, 75)}: ${linked(one.url, 500)}`),
    ...outputs.notes.map((note) => linked(note)),
  ];
  return lines.length === 0
    ? []
    : [section(linesWithin(lines, 15, (left) => `and ${count(left, 'more line')}`))];
}

function summaryBlocks(request: PlatformRequest): KnownBlock[] {
  return request.preview ? [context(linked(request.preview.sentence))] : [];
}

function failureBlocks(request: PlatformRequest): KnownBlock[] {
  const { problem, remains, followedBy, startedAt } = request;
  const what = problem
    ? `${linked(stopped(problem.sentence))} ${linked(problem.next)}`
    : 'See the steps below.';
  return [
    section(`${bold(startedAt === undefined ? 'Not started' : 'Failed')}: ${what}`),
    ...(remains.length === 0
      ? []
      : [
          section(
            `${bold(followedBy === undefined ? 'Not taken back, remove by hand' : `Left to ${followedBy}, which goes back from it`)}\n${linesWithin(
              remains.map((one) => `✗ ${inline(one, 200)}`),
              10,
              (left) => `and ${count(left, 'more')}`,
            )}`,
          ),
        ]),
  ];
}

function deniedBlocks(request: PlatformRequest): KnownBlock[] {
  if (request.deniedBy === 'reviewer') {
    const no = request.reviews.findLast((review) => review.decision === 'deny');
    return [
      section(`${bold('Denied')} by ${inline(no?.name ?? 'a reviewer', 80)}.`),
      ...(no?.note ? [quote(no.note)] : []),
    ];
  }
  const reasons = request.verdict?.reasons ?? [];
  const lines = reasons.map((reason) => {
    const rule = reason.rule === undefined ? '' : ` (rule "${inline(reason.rule, 100)}")`;
    return `${inline(capitalised(reason.text))}${rule}`;
  });
  const list = linesWithin(lines, 8, (left) => `and ${count(left, 'more reason')}`, 2500);
  return [
    section(`${bold('Denied by the guardrails')}\n${list}`),
    ...cautionBlocks(request.preview?.cautions ?? []),
  ];
}

function unanswered(request: PlatformRequest, context_: CardContext): string {
  const groups = [...new Set(request.requirements.flatMap((one) => one.from))].map((name) =>
    context_.groupTitle(name),
  );
  return groups.length === 0
    ? 'nobody answered in time.'
    : `${inline(groups.join(', '), 300)} did not answer in time.`;
}
