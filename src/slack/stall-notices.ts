/** What is said of a request that something outside keeps from going on: on its card, and once to whoever asked. Pure. */
import type { KnownBlock } from '@slack/types';
import type { Notice } from '../core/ports.ts';
import type { PlatformRequest } from '../core/request.ts';
import { bold, date, linked, mention, type SlackMessage, section } from './blocks.ts';
import { stopped } from './words.ts';

export type StallNoticeKind = Extract<Notice['kind'], 'stalled' | 'resumed'>;

export function isAboutStalls(kind: Notice['kind']): kind is StallNoticeKind {
  return kind === 'stalled' || kind === 'resumed';
}

export function stallBlocks({ stall }: PlatformRequest): KnownBlock[] {
  if (!stall) return [];
  const since = `${bold('Cannot go on')} since ${date(stall.since)}: ${linked(stopped(stall.problem.sentence), 600)}`;
  return [section(`${since} Nothing was changed. It is tried again by itself until ${date(stall.until)}.`)];
}

/** `undefined` when it is no longer so: it goes on, or is over, before this could be said. */
export function stallNotice(kind: StallNoticeKind, request: PlatformRequest): SlackMessage | undefined {
  const { id, requester, stall } = request;
  const who = requester.kind === 'system' ? '' : `${mention(requester.id)}: `;
  if (kind === 'resumed') return stall ? undefined : said(`${who}${id} goes on.`);
  if (!stall) return undefined;
  return said(
    `${who}${id} cannot go on: ${linked(stopped(stall.problem.sentence), 600)} It is tried again by itself until ${date(stall.until)}, and you are told when it goes on. You need not do anything; if you no longer want it, cancel it on its card.`,
  );
}

function said(line: string): SlackMessage {
  return { text: line, blocks: [section(line)] };
}
