/** `/lock`: a part of the catalog for oneself for a while. Taken with the start of the request, kept after its end. */
import { z } from 'zod';
import { type ChangeAction, defineAction } from '../core/action.ts';
import { lockKeyText } from '../core/lock-key.ts';
import { isSamePerson } from '../core/person.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { forField, placeFields, reasonField } from './lock/fields.ts';
import { forMs, keyOf, lockTarget, placeWords, readableLocks, timeText, untilText } from './lock/place.ts';
import { takenStep } from './lock/taken-step.ts';

const input = z.strictObject({
  ...placeFields('What nobody else should change meanwhile; "everything" in an emergency.'),
  for: forField,
  reason: reasonField,
});

const lockTake: ChangeAction<typeof input> = {
  title: 'Lock a service',
  summary: 'Keep everybody else from changing a service for a while.',
  effect: 'change',
  channel: 'deploys',
  command: {
    slash: '/lock',
    positional: [{ field: 'service' }, { field: 'environment', word: 'in' }, { field: 'for', word: 'for' }],
    examples: [
      '/lock payments staging for 2h --reason "incident 42"',
      '/lock checkout --reason "moving its database"',
      '/lock everything for 30m --reason "the network is being changed"',
    ],
  },
  input,

  target: (asked, { catalog }) => lockTarget(asked, catalog),

  async preview(asked, context) {
    const key = keyOf(asked);
    const own = (await readableLocks(context)).find(
      (lock) =>
        lock.kind === 'person' && lock.keys.includes(key) && isSamePerson(lock.holder, context.requester),
    );
    if (own) {
      throw new ProblemError(
        problem(
          'conflict',
          `You hold the lock of ${lockKeyText(key)} already, until ${timeText(own.until ?? context.now, context)}.`,
          `Release it first to take it for longer: \`/lock release ${placeWords(asked)}\`.`,
        ),
      );
    }
    const until = untilText(asked.for, context);
    return {
      sentence: `Locks ${lockKeyText(key)} for ${context.requester.name} until ${until}: ${asked.reason}`,
      details: [
        { label: 'Locked', value: lockKeyText(key) },
        { label: 'Until', value: until },
        { label: 'Reason', value: asked.reason },
      ],
      commits: [],
      resolved: {},
      cautions: [],
    };
  },

  locks: (asked) => ({ keys: [keyOf(asked)], kept: { reason: asked.reason, forMs: forMs(asked.for) } }),

  steps: () => [takenStep],

  outputs(asked, context) {
    const key = lockKeyText(keyOf(asked));
    const until = timeText(Number(context.results.taken?.until), context);
    return {
      links: [],
      notes: [`${key} is yours until ${until}. To let it go: \`/lock release ${placeWords(asked)}\``],
    };
  },
};

export default defineAction(lockTake);
