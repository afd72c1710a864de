/** `/env destroy`: an environment and everything in it goes, now. */
import { z } from 'zod';
import { type ChangeAction, defineAction, type FieldMeta } from '../core/action.ts';
import { requestIdSchema } from '../core/ids.ts';
import { knownEnvironment, knownTarget } from './environment/known.ts';
import { removalSteps } from './environment/removal-steps.ts';

const input = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(63)
    .meta({
      title: 'Environment',
      description: 'Everything in it is removed and cannot be brought back.',
      choices: 'environments',
      decides: true,
    } satisfies FieldMeta),
});

const environmentDestroy: ChangeAction<typeof input> = {
  title: 'Destroy an environment',
  summary: 'Remove an environment and everything in it.',
  effect: 'destroy',
  channel: 'requests',
  command: {
    slash: '/env',
    verb: 'destroy',
    positional: [{ field: 'name' }],
    examples: ['/env destroy checkout-pr-12'],
  },
  input,

  target: (asked, { environments }) => knownTarget(asked.name, environments),

  async preview(asked, context) {
    const environment = knownEnvironment(asked.name, await context.environments());
    return {
      sentence: `Removes the environment ${environment.name} with everything in it. This cannot be taken back.`,
      details: [
        { label: 'Namespace', value: environment.namespace },
        { label: 'Cluster', value: environment.cluster },
        { label: 'Made by', value: environment.requestId },
      ],
      commits: [],
      // The name may be given anew meanwhile; what was approved is the removal of this one.
      resolved: { environment: environment.requestId },
      cautions: [],
    };
  },

  steps: () => removalSteps,

  outputs: (asked, { results }) => ({
    links: [],
    notes: [`${asked.name} is gone.`],
    ...(results.namespace?.removed === undefined
      ? {}
      : {
          environmentChange: {
            requestId: requestIdSchema.parse(results.namespace.removed),
            change: { type: 'retired' },
          },
        }),
  }),
};

export default defineAction(environmentDestroy);
