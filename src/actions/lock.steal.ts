/**
 * `/lock steal`: somebody else's lock becomes one's own. Never in passing: whoever steals says from which request, and
 * of a lock that has changed hands since nothing is taken.
 */
import { z } from 'zod';
import { type ChangeAction, defineAction, type FieldMeta, type ReadContext } from '../core/action.ts';
import { readRequestId } from '../core/ids.ts';
import type { Lock } from '../core/lock.ts';
import { lockKeyText, overlap } from '../core/lock-key.ts';
import { keysText } from '../core/lock-words.ts';
import { isSamePerson } from '../core/person.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { forField, placeFields, reasonField } from './lock/fields.ts';
import { forMs, keyOf, lockTarget, placeWords, readableLocks, timeText, untilText } from './lock/place.ts';
import { takenStep } from './lock/taken-step.ts';

const input = z.strictObject({
  ...placeFields('What you need that another holds.'),
  from: z
    .string()
    .refine((text) => readRequestId(text) !== undefined, 'name the lock by its request, like REQ-12')
    .meta({
      title: 'Taken from',
      description: 'They are told that you did; a run that holds it stops.',
      choices: 'locks',
      decides: true,
    } satisfies FieldMeta),
  for: forField,
  reason: reasonField,
});
type Input = z.infer<typeof input>;

const lockSteal: ChangeAction<typeof input> = {
  title: 'Steal a lock',
  summary: 'Take a lock away from somebody who cannot be reached.',
  effect: 'change',
  channel: 'deploys',
  command: {
    slash: '/lock',
    verb: 'steal',
    noun: 'the lock of',
    positional: [
      { field: 'service' },
      { field: 'environment', word: 'in' },
      { field: 'from', word: 'from' },
      { field: 'for', word: 'for' },
    ],
    examples: ['/lock steal payments staging from REQ-1 --reason "incident 42"'],
  },
  input,

  target: (asked, { catalog }) => lockTarget(asked, catalog),

  async preview(asked, context) {
    const lock = await lockOf(asked, context);
    const until = untilText(asked.for, context);
    const what = keysText(lock.keys);
    return {
      sentence: `Takes ${what} away from ${lock.holder.name} (${lock.reason}), and locks ${lockKeyText(keyOf(asked))} for ${context.requester.name} until ${until}: ${asked.reason}`,
      details: [
        { label: 'Taken from', value: `${lock.holder.name}, ${lock.requestId}` },
        { label: 'Held since', value: timeText(lock.since, context) },
        { label: 'Until', value: until },
      ],
      commits: [],
      // From whom it is taken is part of what is agreed to.
      resolved: { from: lock.requestId, holder: lock.holder.id },
      cautions:
        lock.kind === 'run'
          ? [`${lock.requestId} is running: it stops, and what it did is taken back as far as it can be.`]
          : [],
    };
  },

  locks: (asked) => ({
    keys: [keyOf(asked)],
    kept: { reason: asked.reason, forMs: forMs(asked.for) },
    over: idsOf(asked),
  }),

  steps: () => [takenStep],

  outputs(asked, context) {
    const until = timeText(Number(context.results.taken?.until), context);
    return {
      links: [],
      notes: [
        `${lockKeyText(keyOf(asked))} is yours until ${until}. To let it go: \`/lock release ${placeWords(asked)}\``,
      ],
      lockChanges: idsOf(asked).map((requestId) => ({
        requestId,
        change: { type: 'end_lock', how: 'stolen' },
      })),
    };
  },
};

export default defineAction(lockSteal);

function idsOf({ from }: Input) {
  const id = readRequestId(from);
  return id === undefined ? [] : [id];
}

/** @throws ProblemError when it holds nothing of this, or is one's own. */
async function lockOf(asked: Input, context: ReadContext): Promise<Lock> {
  const [from] = idsOf(asked);
  const lock = (await readableLocks(context)).find(({ requestId }) => requestId === from);
  if (!lock?.keys.some((key) => overlap(key, keyOf(asked)))) {
    throw new ProblemError(
      problem(
        'out_of_date',
        `${asked.from} does not hold ${lockKeyText(keyOf(asked))} at this moment.`,
        'See who does, and decide again: `/lock`.',
      ),
    );
  }
  if (lock.kind === 'person' && isSamePerson(lock.holder, context.requester)) {
    throw new ProblemError(
      problem('conflict', 'That lock is your own.', `To let it go: \`/lock release ${placeWords(asked)}\`.`),
    );
  }
  return lock;
}
