/** `/env destroy`: an environment and everything in it goes, now. */
import { z } from 'zod';
import { type ChangeAction, defineAction, type FieldMeta } from '../core/action.ts';
import { requestIdSchema } from '../core/ids.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { agreedIfThere, knownEnvironment, knownTarget } from './environment/known.ts';
import { removeOutsideObjects } from './environment/outside-objects.ts';
import { removeParts } from './environment/parts.ts';
import { removeNamespace } from './environment/remove-namespace.ts';

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

  steps: () => [
    {
      id: 'namespace',
      title: 'Namespace removed',
      async do(asked, context) {
        const environment = await agreedIfThere(asked.name, context);
        if (!environment) return { state: 'done', note: 'it was gone already' };
        const { cluster, namespace, requestId } = environment;
        const labels = {
          'app.kubernetes.io/managed-by': 'greenlight',
          'greenlight.dev/environment': environment.name,
        };
        const outcome = await removeNamespace(context.cluster(cluster), namespace, labels, context);
        return outcome.state === 'done' ? { ...outcome, result: { removed: requestId } } : outcome;
      },
      // Nothing brings back what has begun to go: whoever cancels then is told so.
      async undo(asked, context) {
        const environment = await agreedIfThere(asked.name, context);
        if (!environment) return { state: 'done' };
        const ref = { apiVersion: 'v1', kind: 'Namespace', name: environment.namespace };
        const found = await context.cluster(environment.cluster).read(ref);
        if (found && !('deletionTimestamp' in found.metadata)) return { state: 'done' };
        throw new ProblemError(removalBegun(asked.name));
      },
    },
    {
      id: 'parts',
      title: 'What it had elsewhere removed',
      async do(asked, context) {
        const environment = await agreedIfThere(asked.name, context);
        if (!environment) return { state: 'done' };
        const removal = await removeOutsideObjects(environment, context);
        return removal.state === 'waiting' ? removal : removeParts(environment.parts ?? [], context);
      },
    },
  ],

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

function removalBegun(name: string) {
  return problem(
    'undo_failed',
    `The removal of ${name} has begun and cannot be taken back.`,
    `Ask for it once more to see it through: /env destroy ${name}`,
  );
}
