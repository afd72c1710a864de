/** How an environment comes about: its room first, then what runs in it, then the wait until that is ready. */
import type { Step, StepContext } from '../../core/action.ts';
import type { Cluster } from '../../core/cluster.ts';
import { formatDuration, minuteMs, secondMs } from '../../core/duration.ts';
import { type Problem, ProblemError, problem } from '../../core/problem.ts';
import { listOf } from '../../core/text.ts';
import type { Input } from './create-input.ts';
import {
  environmentManifests,
  namespaceOf,
  ownershipLabels,
  readyDeployment,
  workloadManifests,
} from './manifests.ts';
import { blueprintOf, orderFor } from './order.ts';
import { removeNamespace } from './remove-namespace.ts';

/** How long Pods may take to get ready before the attempt counts as failed. */
const readyMax = 10 * minuteMs;
const lookAgain = 2 * secondMs;

export const createSteps: readonly Step<Input>[] = [
  {
    id: 'namespace',
    title: 'Namespace',
    async do(asked, context) {
      const made = await environmentCluster(context).create(manifestsFor(asked, context).namespace);
      // Of two requests for one name at the same moment the cluster lets one through; looking first would let both.
      if (made === 'taken') await refuseForeignNamespace(asked, context);
      return { state: 'done', note: namespaceOf(asked.name) };
    },
    // Everything else lies in the namespace and goes with it, so no later step has an undo of its own.
    async undo(asked, context) {
      // Somebody else's was in the way, and that is why the step failed: nothing of ours is there.
      if (await isForeign(asked, context)) return { state: 'done' };
      return removeNamespace(
        environmentCluster(context),
        namespaceOf(asked.name),
        ownershipLabels(context.request.key),
        context,
      );
    },
  },
  applyStep('quota', 'Quota', 'quota'),
  applyStep('limit-range', 'Limit range', 'limitRange'),
  applyStep('network-policy', 'Network policy', 'networkPolicy'),
  applyStep('service-account', 'Service account', 'serviceAccount'),
  applyStep('role-binding', 'Role binding for the team', 'roleBinding'),
  {
    id: 'workload',
    title: 'Workload',
    async do(asked, context) {
      const blueprint = blueprintOf(context.catalog, asked.blueprint);
      const manifests = workloadManifests(blueprint, orderFor(asked, context));
      for (const manifest of manifests) await environmentCluster(context).apply(manifest);
      return { state: 'done', note: listOf(manifests.map((one) => one.kind)) };
    },
  },
  {
    id: 'ready',
    title: 'Ready',
    async do(asked, context) {
      const workload = await environmentCluster(context).workload(
        namespaceOf(asked.name),
        deploymentOf(asked, context),
      );
      const ready = `${workload?.ready ?? 0} of ${workload?.wanted ?? asked.replicas} ready`;
      if (workload?.isSettled)
        return { state: 'done', note: ready, result: { readyAt: String(context.now) } };
      const trouble = workload?.troubles[0];
      if (workload && !workload.mayRecover)
        throw new ProblemError(notReady(trouble ?? 'its Pods cannot start'));
      if (context.now - context.stepStartedAt > readyMax) {
        throw new ProblemError(notReady(trouble ?? `${ready} after ${formatDuration(readyMax)}`));
      }
      return { state: 'waiting', note: trouble ?? ready, againInMs: lookAgain };
    },
  },
];

function applyStep(
  id: string,
  title: string,
  object: 'quota' | 'limitRange' | 'networkPolicy' | 'serviceAccount' | 'roleBinding',
) {
  return {
    id,
    title,
    async do(asked: Input, context: StepContext) {
      await environmentCluster(context).apply(manifestsFor(asked, context)[object]);
      return { state: 'done' as const };
    },
  };
}

/** Two requests for one name may both be allowed; the second to come finds the first one's namespace and stops. */
async function refuseForeignNamespace(asked: Input, context: StepContext): Promise<void> {
  if (!(await isForeign(asked, context))) return;
  throw new ProblemError(
    problem(
      'conflict',
      `The namespace ${namespaceOf(asked.name)} exists already and belongs to somebody else.`,
      'Ask again with another name.',
    ),
  );
}

async function isForeign(asked: Input, context: StepContext): Promise<boolean> {
  const name = namespaceOf(asked.name);
  const found = await environmentCluster(context).read({ apiVersion: 'v1', kind: 'Namespace', name });
  if (!found) return false;
  const ours = Object.entries(ownershipLabels(context.request.key));
  return ours.some(([label, value]) => found.metadata.labels?.[label] !== value);
}

function manifestsFor(asked: Input, context: StepContext) {
  return environmentManifests(orderFor(asked, context));
}

function deploymentOf(asked: Input, context: StepContext): string {
  return readyDeployment(blueprintOf(context.catalog, asked.blueprint), orderFor(asked, context));
}

function environmentCluster(context: StepContext): Cluster {
  return context.cluster(context.catalog.environments.cluster);
}

function notReady(why: string): Problem {
  return problem(
    'step_failed',
    `The environment did not become ready: ${why}.`,
    'It was removed again. Mend the cause and ask again.',
  );
}
