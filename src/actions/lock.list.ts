/** `/lock`: who holds what, why, since when and until when, and who waits for it. */
import { z } from 'zod';
import {
  type Answer,
  type AnswerSection,
  defineAction,
  type ReadAction,
  type ReadContext,
} from '../core/action.ts';
import { formatDuration, minuteMs } from '../core/duration.ts';
import type { Lock, LockTable, UnreadableLock } from '../core/lock.ts';
import { anyOverlap, lockKeyWords } from '../core/lock-key.ts';
import { keysText } from '../core/lock-words.ts';
import { isSamePerson } from '../core/person.ts';
import { ok } from '../core/problem.ts';
import { count, listOf } from '../core/text.ts';
import { placeWords, readableLocks, timeText } from './lock/place.ts';

const input = z.strictObject({});

const lockList: ReadAction<typeof input> = {
  title: 'List locks',
  summary: 'See who has locked what, and who waits.',
  effect: 'read',
  command: { slash: '/lock', verb: 'list', isBare: true, positional: [], examples: ['/lock', '/lock list'] },
  input,

  target: () => ok({ kind: 'service', name: 'locks', tier: 'dev', team: '' }),

  async answer(_asked, context): Promise<Answer> {
    const table = await context.locks();
    const readable = await readableLocks(context);
    const people = readable.filter(({ kind }) => kind === 'person');
    const runs = readable.filter(({ kind }) => kind === 'run');
    const damaged = table.held.filter((lock) => lock.kind === 'unreadable');
    return {
      title: 'Locks',
      sentence: sentenceOf(people.length, runs.length, table.waiting.length, damaged.length),
      sections: [
        ...(damaged.length > 0 ? [damagedSection(damaged)] : []),
        ...(people.length > 0 ? [section('Held by people', people, table, context)] : []),
        ...(runs.length > 0 ? [section('Being changed now', runs, table, context)] : []),
      ],
      links: [],
      next: nextOf(people, context),
    };
  },
};

export default defineAction(lockList);

function sentenceOf(people: number, runs: number, waiting: number, damaged: number): string {
  if (damaged > 0)
    return `${count(damaged, 'lock')} cannot be read: nothing starts there until that is mended.`;
  if (people + runs + waiting === 0) return 'Nothing is locked.';
  const parts = [
    ...(people > 0 ? [`${count(people, 'lock')} held by people`] : []),
    ...(runs > 0 ? [`${count(runs, 'run')} at work`] : []),
    ...(waiting > 0 ? [`${count(waiting, 'request')} waiting`] : []),
  ];
  return `${listOf(parts)}.`;
}

function section(
  title: string,
  locks: readonly Lock[],
  { waiting }: LockTable,
  context: ReadContext,
): AnswerSection {
  return {
    title,
    fields: [],
    lines: locks.flatMap((lock) => {
      const behind = waiting.filter(({ keys }) => anyOverlap(keys, lock.keys));
      return [
        lockLine(lock, context),
        ...behind.map((one) => {
          const who = one.kind === 'unreadable' ? 'somebody' : one.holder.name;
          return `\u2003${one.requestId} by ${who} waits for ${keysText(one.keys)}`;
        }),
      ];
    }),
  };
}

function lockLine(lock: Lock, context: ReadContext): string {
  const ageMs = context.now - lock.since;
  const age = ageMs < minuteMs ? 'just now' : `for ${formatDuration(ageMs)}`;
  const until = lock.until === undefined ? '' : `, until ${timeText(lock.until, context)}`;
  const reason = lock.reason.replace(/\.$/, '');
  return `• ${keysText(lock.keys)}: ${lock.holder.name}, ${reason}; ${age}${until} (${lock.requestId})`;
}

function damagedSection(locks: readonly UnreadableLock[]): AnswerSection {
  return {
    title: 'Cannot be read',
    mood: 'bad',
    fields: [],
    lines: locks.map(({ keys, requestId }) => `• ${keysText(keys)} (${requestId}): tell the platform team`),
  };
}

/** One's own to release, others' to take over in need: each opens its form first. */
function nextOf(locks: readonly Lock[], { requester }: ReadContext): Answer['next'] {
  return locks.slice(0, 2).flatMap((lock) => {
    const [key] = lock.keys;
    if (key === undefined) return [];
    const words = placeWords(lockKeyWords(key));
    return isSamePerson(lock.holder, requester)
      ? [{ label: `Release ${keysText(lock.keys)}`, commandLine: `/lock release ${words}` }]
      : [
          {
            label: `Steal ${keysText(lock.keys)}`,
            commandLine: `/lock steal ${words} from ${lock.requestId}`,
          },
        ];
  });
}
