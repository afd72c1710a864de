/** What would let it run: the smallest changes that its requester, its approvers or the clock could make. */
import type { KnownBlock } from '@slack/types';
import { describeChange, describeEnd, describeMissing, windowsText } from '../../approvals/explain-ways.ts';
import type { PlatformRequest } from '../../core/request.ts';
import { listOf } from '../../core/text.ts';
import type { VerdictChange, Way } from '../../core/verdict.ts';
import { bold, date, inline, section } from '../blocks.ts';
import { titlesFor } from '../verdict-line.ts';
import type { CardContext } from './context.ts';

export function wayBlocks(request: PlatformRequest, context: CardContext): KnownBlock[] {
  if (!isBlocked(request)) return [];
  const ways = (request.verdict?.ways ?? []).map((way) => wayLine(way, context));
  // Where only people are missing, the requirements above say so already.
  if (ways.length === 0) return [];
  const lines = [...missingLines(request, context), ...ways];
  const [first = '', ...others] = lines;
  const list = [first, ...others.map((line) => `or ${line}`)].map((line) => `• ${line}`);
  return [section(`${bold('What would let it run')}\n${list.join('\n')}`)];
}

/** In a line of a list: whose yes is missing, and the smallest change beside it. `undefined` when nothing can be said. */
export function waysLine(request: PlatformRequest, context: CardContext): string | undefined {
  if (!isBlocked(request)) return undefined;
  const [way] = (request.verdict?.ways ?? []).map((one) => wayLine(one, context));
  const lines = [...missingLines(request, context), ...(way === undefined ? [] : [way])];
  return lines.length === 0 ? undefined : lines.join(', or ');
}

/** Not one that a reviewer has denied: there nothing but asking again would help. */
function isBlocked({ status, deniedBy }: PlatformRequest): boolean {
  return status === 'waiting' || status === 'held' || (status === 'denied' && deniedBy !== 'reviewer');
}

function missingLines(request: PlatformRequest, { quorumOf, groupTitle }: CardContext): string[] {
  if (request.status !== 'waiting') return [];
  const { parts, changesAsked } = quorumOf(request);
  // More people saying yes would not help now.
  if (changesAsked) {
    const names = listOf([...new Set(changesAsked.map(({ name }) => name))]);
    return [`the changes that ${inline(names, 300)} asked for, and then approval`];
  }
  return [inline(describeMissing(parts, titlesFor(request.requirements, groupTitle)), 400)];
}

function wayLine(way: Way, { groupTitle }: CardContext): string {
  const changes = way.changes.map(changeText);
  return `${changes.join(' and ')}${inline(describeEnd(way, titlesFor(way.requirements, groupTitle)), 400)}`;
}

/** A moment stands in each reader's own time. */
function changeText(change: VerdictChange): string {
  return change.kind === 'wait'
    ? `wait until ${date(change.until)}${inline(windowsText(change), 200)}`
    : inline(describeChange(change), 200);
}
