/** `/lock release`: one's own lock ends before its time. */
import { z } from 'zod';
import { type ChangeAction, defineAction } from '../core/action.ts';
import { requestIdSchema } from '../core/ids.ts';
import { anyOverlap, lockKeyText } from '../core/lock-key.ts';
import { count } from '../core/text.ts';
import { placeFields } from './lock/fields.ts';
import { keyOf, lockTarget, ownLock, timeText } from './lock/place.ts';

const input = z.strictObject(placeFields('Whose lock of yours should end.'));

const lockRelease: ChangeAction<typeof input> = {
  title: 'Release a lock',
  summary: 'Let others change a service again.',
  effect: 'change',
  channel: 'deploys',
  command: {
    slash: '/lock',
    verb: 'release',
    noun: 'the lock of',
    positional: [{ field: 'service' }, { field: 'environment', word: 'in' }],
    examples: ['/lock release payments staging'],
  },
  input,

  target: (asked, { catalog }) => lockTarget(asked, catalog),

  async preview(asked, context) {
    const lock = await ownLock(asked, context);
    const { waiting } = await context.locks();
    const waits = waiting.filter(({ keys }) => anyOverlap(keys, lock.keys)).length;
    return {
      sentence: `Ends the lock of ${lockKeyText(keyOf(asked))}: ${lock.reason}`,
      details: [
        { label: 'Held since', value: timeText(lock.since, context) },
        ...(waits > 0
          ? [{ label: 'Then goes on', value: `1 of ${count(waits, 'request')} in the queue` }]
          : []),
      ],
      commits: [],
      resolved: { lock: lock.requestId },
      cautions: [],
    };
  },

  // It takes nothing away from anybody, so it waits for nobody.
  locks: () => undefined,

  steps: () => [
    {
      id: 'own',
      title: 'Lock found',
      // Only looks: the lock ends with an event of the request that took it, written before this one's own end.
      async do(asked, context) {
        const lock = await ownLock(asked, context);
        return { state: 'done', result: { lock: lock.requestId } };
      },
    },
  ],

  outputs: (asked, { results }) => ({
    links: [],
    notes: [`${lockKeyText(keyOf(asked))} is free again. Whoever waited goes on by themselves.`],
    lockChanges: [
      { requestId: requestIdSchema.parse(results.own?.lock), change: { type: 'end_lock', how: 'released' } },
    ],
  }),
};

export default defineAction(lockRelease);
