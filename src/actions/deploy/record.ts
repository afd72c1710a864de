/** How GitHub is told of a deploy, whatever brings it out: so that there is one history of all of them. */
import type { Step, StepContext } from '../../core/action.ts';
import { minuteMs } from '../../core/duration.ts';
import { problemFrom } from '../../core/problem.ts';
import { type Delivery, deliveryOf, type Route, resultOf } from './delivery.ts';
import { refuseMovedVersion } from './version.ts';

/** Where it got, as a strategy knows it: with an address that shows how. */
export type IsOut = (
  delivery: Delivery,
  context: StepContext,
) => Promise<{ readonly logUrl?: string } | undefined>;

/** Below the time for which a step is tried again, so that the step itself says how it ends. */
const confirmMax = 10 * minuteMs;

export function recordStep(route: Route, isOut: IsOut): Step<unknown> {
  return {
    id: 'deployment',
    title: 'Deployment recorded',
    async find(_asked, context) {
      const { entry, environment, key } = deliveryOf(route, context);
      const found = await context.forge.findDeployment(entry.repository, environment, key);
      return found && { state: 'done', result: { deploymentId: String(found.id) } };
    },
    async do(_asked, context) {
      const delivery = deliveryOf(route, context);
      const { entry, service, environment, version, key, isProduction, rolledBackFrom } = delivery;
      const { fence } = context;
      await refuseMovedVersion(delivery, context.forge);
      const { id } = await context.forge.createDeployment({
        ...{ repository: entry.repository, ref: version, environment, isProduction, key },
        by: context.requester.name,
        description: `${version} by ${context.request.id}`,
        service,
        ...(fence === undefined ? {} : { fence }),
        ...(rolledBackFrom === undefined ? {} : { rolledBackFrom }),
      });
      return { state: 'done', result: { deploymentId: String(id) } };
    },
    async undo(_asked, context) {
      const delivery = deliveryOf(route, context);
      const out = await isOut(delivery, context);
      if (out) await setStatus(delivery, context, 'success', `${delivery.version} is out`, out.logUrl);
      else await setStatus(delivery, context, 'failure', `${context.request.id} did not complete`);
      return { state: 'done' };
    },
  };
}

/** `from`: the step whose result has the address that shows how it went. */
export function confirmStep(route: Route, from: string): Step<unknown> {
  return {
    id: 'success',
    title: 'Deployment confirmed',
    async find(_asked, context) {
      const { entry, environment, key } = deliveryOf(route, context);
      const found = await context.forge.findDeployment(entry.repository, environment, key);
      return found?.state === 'success' ? { state: 'done' } : undefined;
    },
    async do(_asked, context) {
      const delivery = deliveryOf(route, context);
      try {
        const url = resultOf(route, context, from)?.url;
        await setStatus(delivery, context, 'success', `${delivery.version} is out`, url);
        return { state: 'done' };
      } catch (error) {
        // The version is out, whatever the record says: failing for it would tell people the opposite.
        const cause = problemFrom(error);
        if (cause.isTransient && context.now - context.stepStartedAt < confirmMax) throw error;
        return { state: 'done', note: `it is out, but GitHub did not take the record: ${cause.sentence}` };
      }
    },
  };
}

async function setStatus(
  { entry, environment, key, route }: Delivery,
  context: StepContext,
  state: 'success' | 'failure',
  description: string,
  logUrl?: string,
): Promise<void> {
  const { repository } = entry;
  const remembered = resultOf(route, context, 'deployment')?.deploymentId;
  // The run may be taken back before the answer to its creation was remembered.
  const deploymentId = remembered ?? (await context.forge.findDeployment(repository, environment, key))?.id;
  if (deploymentId === undefined) return;
  await context.forge.setDeploymentStatus({
    ...{ repository, deploymentId: Number(deploymentId), state, description },
    ...(logUrl === undefined ? {} : { logUrl }),
  });
}
