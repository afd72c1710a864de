/** `/env destroy`: an environment and everything in it goes, now. */
import { z } from 'zod';
import { type ChangeAction, defineAction, type FieldMeta, type KnownEnvironment } from '../core/action.ts';
import { ok, ProblemError, problem, refuse } from '../core/problem.ts';
import { didYouMean } from '../core/text.ts';
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

  target(asked, { environments }) {
    const found = environments.find((one) => one.name === asked.name);
    if (found) return ok({ kind: 'environment', name: found.name, tier: 'dev', team: found.team });
    const names = environments.map((one) => one.name);
    const sentence = `There is no environment "${asked.name}".${didYouMean(asked.name, names)}`;
    return refuse(
      problem('bad_input', sentence, 'Only environments that Greenlight made can be destroyed here.', {
        fields: { name: sentence },
      }),
    );
  },

  async preview(asked, context) {
    const environment = known(asked.name, await context.environments());
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
        const environment = (await context.environments()).find((one) => one.name === asked.name);
        if (!environment) return { state: 'done', note: 'it was gone already' };
        return removeNamespace(
          context.cluster(environment.cluster),
          environment.namespace,
          { 'app.kubernetes.io/managed-by': 'greenlight', 'greenlight.dev/environment': environment.name },
          context,
        );
      },
    },
  ],

  outputs: (asked) => ({ links: [], notes: [`${asked.name} is gone.`], removedEnvironment: asked.name }),
};

export default defineAction(environmentDestroy);

function known(name: string, environments: readonly KnownEnvironment[]): KnownEnvironment {
  const found = environments.find((one) => one.name === name);
  if (found) return found;
  throw new ProblemError(
    problem('not_found', `The environment "${name}" is gone.`, 'There is nothing left to do.'),
  );
}
