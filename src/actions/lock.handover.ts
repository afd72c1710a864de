/** `/lock hand-over`: one's own lock becomes a colleague's, without being free in between. */
import { z } from 'zod';
import { type ChangeAction, defineAction, type ReadContext } from '../core/action.ts';
import { requestIdSchema } from '../core/ids.ts';
import { lockKeyText } from '../core/lock-key.ts';
import { isSamePerson, type Person, personSchema } from '../core/person.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { placeFields } from './lock/fields.ts';
import { keyOf, lockTarget, ownLock, timeText } from './lock/place.ts';
import { colleagueField } from './people/colleague-field.ts';

const input = z.strictObject({
  ...placeFields('Which of your locks.'),
  to: colleagueField,
});
type Input = z.infer<typeof input>;

const lockHandover: ChangeAction<typeof input> = {
  title: 'Hand over a lock',
  summary: 'Give a lock to a colleague without letting it go in between.',
  effect: 'change',
  channel: 'deploys',
  command: {
    slash: '/lock',
    verb: 'hand-over',
    spoken: 'hand over',
    noun: 'the lock of',
    positional: [{ field: 'service' }, { field: 'environment', word: 'in' }, { field: 'to', word: 'to' }],
    examples: ['/lock hand-over payments staging to priya@acme.example'],
  },
  input,

  target: (asked, { catalog }) => lockTarget(asked, catalog),

  async preview(asked, context) {
    const lock = await ownLock(asked, context);
    const to = await receiver(asked, context);
    return {
      sentence: `Hands the lock of ${lockKeyText(keyOf(asked))} over to ${to.name}, who is told.`,
      details: [
        { label: 'Reason', value: lock.reason },
        ...(lock.until === undefined ? [] : [{ label: 'Until', value: timeText(lock.until, context) }]),
      ],
      commits: [],
      resolved: { lock: lock.requestId, to: to.id },
      called: { to: to.name },
      cautions: [],
    };
  },

  locks: () => undefined,

  steps: () => [
    {
      id: 'found',
      title: 'Lock and colleague found',
      // Only looks: the new holder is an event of the request that took the lock, written before this one's own end.
      async do(asked, context) {
        const lock = await ownLock(asked, context);
        const to = await receiver(asked, context);
        return { state: 'done', result: { lock: lock.requestId, to: JSON.stringify(to) } };
      },
    },
  ],

  outputs(asked, { results }) {
    const to = personSchema.parse(JSON.parse(results.found?.to ?? 'null'));
    return {
      links: [],
      notes: [`${lockKeyText(keyOf(asked))} is ${to.name}'s now.`],
      lockChanges: [
        { requestId: requestIdSchema.parse(results.found?.lock), change: { type: 'hand_lock_over', to } },
      ],
    };
  },
};

export default defineAction(lockHandover);

/** @throws ProblemError when there is no such member, or it is the person who asks. */
async function receiver({ to }: Input, context: ReadContext): Promise<Person> {
  const person = await context.member(to);
  if (!isSamePerson(person, context.requester)) return person;
  throw new ProblemError(problem('bad_input', 'That lock is yours already.', 'Name a colleague.'));
}
