/** `/requests delegations`: who answers requests for whom, and until when. */
import { z } from 'zod';
import { type Answer, defineAction, type ReadAction } from '../core/action.ts';
import { inForce } from '../core/delegation.ts';
import { isSamePerson } from '../core/person.ts';
import { count } from '../core/text.ts';
import { momentText } from '../core/time-zone.ts';
import { answersTarget, zoneOf } from './approver/away.ts';

const input = z.strictObject({});

const shownMax = 30;

const approverDelegations: ReadAction<typeof input> = {
  title: 'Who answers for whom',
  summary: 'See who answers requests for a colleague who is away.',
  effect: 'read',
  command: {
    slash: '/requests',
    verb: 'delegations',
    noun: 'who answers for whom',
    positional: [],
    examples: ['/requests delegations'],
  },
  input,

  target: () => answersTarget,

  async answer(_asked, context): Promise<Answer> {
    const all = inForce(await context.delegations(), context.now);
    const own = all.some(({ from }) => isSamePerson(from, context.requester));
    const lines = all.map(({ from, to, until, note, requestId }) => {
      const why = note === undefined ? '' : ` (${note})`;
      return `• ${to.name} for ${from.name} until ${momentText(until, zoneOf(context))}${why}, ${requestId}`;
    });
    const left = lines.length - shownMax;
    return {
      title: 'Who answers for whom',
      sentence:
        all.length === 0
          ? 'Everybody answers requests themselves. Before you are away: `/requests delegate @colleague 3d`.'
          : `${count(all.length, 'person has', 'people have')} a colleague answer for them.`,
      sections:
        all.length === 0
          ? []
          : [
              {
                title: 'Away',
                fields: [],
                lines: [...lines.slice(0, shownMax), ...(left > 0 ? [`and ${left} more`] : [])],
              },
            ],
      links: [],
      next: own ? [{ label: 'Answer for myself again', commandLine: '/requests undelegate' }] : [],
    };
  },
};

export default defineAction(approverDelegations);
