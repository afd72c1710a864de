/** `/svc restart`: the Pods of a service start anew, one after the other, with the version that runs there now. */
import { z } from 'zod';
import { type ChangeAction, defineAction } from '../core/action.ts';
import type { Workload } from '../core/cluster.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { count } from '../core/text.ts';
import { environmentField, serviceField } from './service/fields.ts';
import { agreedPlace, placeText, serviceTarget } from './service/place.ts';
import { followRollout, readyWords, workloadOf } from './service/rollout.ts';

const input = z.strictObject({
  service: serviceField('What to restart.'),
  environment: environmentField('Where.'),
});
type Input = z.infer<typeof input>;

const serviceRestart: ChangeAction<typeof input> = {
  title: 'Restart a service',
  summary: 'Start its Pods anew, one after the other.',
  effect: 'change',
  channel: 'deploys',
  command: {
    slash: '/svc',
    verb: 'restart',
    positional: [{ field: 'service' }, { field: 'environment', word: 'in' }],
    examples: ['/svc restart payments staging', '/svc restart search in production'],
  },
  input,

  target: (asked, { catalog }) => serviceTarget(asked, catalog),

  async preview(asked, context) {
    const workload = await workloadOf(asked, context);
    if (workload.wanted === 0) throw new ProblemError(nothingToRestart(asked));
    return {
      sentence: `Restarts ${asked.service} in ${asked.environment}: ${count(workload.wanted, 'Pod')} of version ${workload.version}, one after the other.`,
      details: [
        { label: 'Version', value: workload.version },
        { label: 'Now', value: readyWords(workload) },
        { label: 'Restarts so far', value: String(workload.restarts) },
      ],
      commits: [],
      resolved: { place: placeText(asked, context.catalog) },
      cautions: cautionsOf(workload),
    };
  },

  steps: () => [
    {
      id: 'restart',
      title: 'Restart ordered',
      async do(asked, context) {
        const { cluster, namespace, deployment } = agreedPlace(asked, context);
        // The first attempt's moment: a repeat writes the same value, and nothing restarts twice.
        await context.cluster(cluster).restart(namespace, deployment, context.stepStartedAt, context.fence);
        return { state: 'done' };
      },
      undo: async () => ({ state: 'done', note: 'nothing to take back: the version is the same as before' }),
    },
    { id: 'rollout', title: 'Pods started anew', do: followRollout },
  ],

  outputs: (asked) => ({
    links: [],
    notes: [`${asked.service} in ${asked.environment} runs on new Pods now. See \`/svc ${asked.service}\`.`],
  }),
};

export default defineAction(serviceRestart);

function cautionsOf(workload: Workload): string[] {
  const [worst] = workload.troubles;
  if (worst !== undefined) return [`It is not well: ${worst}. A restart helps only if the cause has passed.`];
  return workload.isSettled ? [] : ['A rollout is going on already.'];
}

function nothingToRestart({ service, environment }: Input) {
  return problem(
    'conflict',
    `${service} in ${environment} is scaled to 0: there is nothing to restart.`,
    `Give it Pods first: /svc scale ${service} 1 in ${environment}`,
  );
}
