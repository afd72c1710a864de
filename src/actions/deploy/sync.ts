/** After the merge: the GitOps controller brings the version to the cluster, and the rollout there is watched. */
import type { Step, StepContext, StepOutcome } from '../../core/action.ts';
import type { Workload } from '../../core/cluster.ts';
import { fillDelivered } from '../../core/deploy-strategy.ts';
import { formatDuration, minuteMs, secondMs } from '../../core/duration.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { healthOf } from '../../core/readiness.ts';
import { agreedPlace } from '../service/place.ts';
import { followRollout, workloadOf } from '../service/rollout.ts';
import { type Delivery, deliveryOf, type Route, resultOf, strategyOf } from './delivery.ts';

/** Controllers look at their repository every few minutes: Argo CD every 3 by default, Flux every 1 to 10. */
const syncMax = 15 * minuteMs;
const lookAgain = 3 * secondMs;

export function syncStep(route: Route): Step<unknown> {
  return {
    id: 'sync',
    title: 'Synced and rolled out',
    async do(_asked, context) {
      const delivery = deliveryOf(route, context);
      const workload = await workloadOf(route, context);
      const value = fillDelivered(strategyOf(delivery, 'gitops').value, delivery);
      if (tagOf(workload.image) !== value) return waitForSync(delivery, workload, context);
      const outcome = await followRollout(route, context);
      if (outcome.state === 'waiting') return outcome;
      return { ...outcome, result: { url: resultOf(route, context, 'pull')?.url ?? '' } };
    },
  };
}

async function waitForSync(
  delivery: Delivery,
  workload: Workload,
  context: StepContext,
): Promise<StepOutcome> {
  const controller = await controllerOf(delivery, context);
  if (context.now - context.waitingSince > syncMax) {
    throw new ProblemError(notSynced(delivery, workload, controller));
  }
  return {
    state: 'waiting',
    note: 'merged; waiting for the GitOps controller to bring it to the cluster',
    againInMs: lookAgain,
    ...(controller === undefined ? {} : { progress: [controller] }),
  };
}

/** How the controller's own object says it is: it knows first why a sync does not work. */
async function controllerOf(delivery: Delivery, context: StepContext): Promise<string | undefined> {
  const { sync } = strategyOf(delivery, 'gitops');
  if (!sync) return undefined;
  const { cluster } = agreedPlace(delivery.route, context);
  const name = fillDelivered(sync.name, delivery);
  const namespace = fillDelivered(sync.namespace, delivery);
  const { apiVersion, kind } = sync;
  const found = await context.cluster(cluster).read({ apiVersion, kind, name, namespace });
  if (!found) return `there is no ${kind} ${name} in ${namespace}`;
  return healthOf(found).why;
}

function notSynced(delivery: Delivery, workload: Workload, controller: string | undefined) {
  const { version, service, environment } = delivery;
  const why = controller === undefined ? '' : ` (${controller})`;
  return problem(
    'step_failed',
    `${version} is merged, but after ${formatDuration(syncMax)} ${environment} still runs ${workload.version}${why}.`,
    `Look at the GitOps controller; /rollback ${service} ${environment} proposes the former version.`,
  );
}

function tagOf(image: string): string {
  return /:([^:/@]+)(?:@.*)?$/.exec(image)?.[1] ?? '';
}
