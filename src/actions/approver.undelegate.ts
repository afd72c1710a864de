/** `/requests undelegate`: back again, one answers requests oneself. */
import { z } from 'zod';
import { type ChangeAction, defineAction, type ReadContext } from '../core/action.ts';
import type { Delegation } from '../core/delegation.ts';
import { personIdSchema } from '../core/ids.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { answersTarget, ownDelegation } from './approver/away.ts';

const input = z.strictObject({});

const approverUndelegate: ChangeAction<typeof input> = {
  title: 'Answer for yourself again',
  summary: 'Take back what a colleague answers in your place.',
  effect: 'change',
  channel: 'requests',
  command: {
    slash: '/requests',
    verb: 'undelegate',
    spoken: 'answer for themselves again',
    positional: [],
    examples: ['/requests undelegate'],
  },
  input,

  target: () => answersTarget,

  async preview(_asked, context) {
    const { requestId, to } = await lent(context);
    return {
      sentence: `${to.name} no longer answers requests for ${context.requester.name}.`,
      details: [{ label: 'Made by', value: requestId }],
      commits: [],
      resolved: { delegation: requestId },
      cautions: [],
    };
  },

  locks: () => undefined,

  steps: () => [
    {
      id: 'found',
      title: 'Delegation found',
      async do(_asked, context) {
        const { from, to } = await lent(context);
        return { state: 'done', result: { from: from.id, to: to.name } };
      },
    },
  ],

  outputs(_asked, { results }) {
    return {
      links: [],
      notes: [`${results.found?.to ?? 'Nobody'} no longer answers for you.`],
      delegationEnded: personIdSchema.parse(results.found?.from),
    };
  },
};

export default defineAction(approverUndelegate);

/** @throws ProblemError when there is nothing to take back. */
async function lent(context: ReadContext): Promise<Delegation> {
  const own = await ownDelegation(context);
  if (own) return own;
  throw new ProblemError(
    problem('bad_input', 'Nobody answers requests for you.', 'You answer them yourself; nothing to do.'),
  );
}
