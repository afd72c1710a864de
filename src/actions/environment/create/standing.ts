/** How far a resource is, in words that name the cause when it is not ready. */
import type { StepContext } from '../../../core/action.ts';
import type { BlueprintResource, BlueprintScope, Observed } from '../../../core/blueprint.ts';
import type { Cluster, Manifest } from '../../../core/cluster.ts';
import { minuteMs } from '../../../core/duration.ts';
import { healthOf } from '../../../core/readiness.ts';
import { listOf } from '../../../core/text.ts';

export interface Standing {
  readonly state: 'ready' | 'progressing' | 'failed';
  /** Empty when there is nothing to say but that it is ready. */
  readonly note: string;
}

export interface Look {
  readonly resource: BlueprintResource;
  /** As the cluster has it. */
  readonly found: Manifest;
  readonly scope: BlueprintScope;
  readonly observed: Observed;
  readonly cluster: Cluster;
  readonly context: Pick<StepContext, 'now' | 'waitingSince'>;
}

/** An operator tries again by itself: its first failure is not its last word. */
const recoveryMax = minuteMs;

export async function standingOf(look: Look): Promise<Standing> {
  const { resource, found } = look;
  const { readiness } = resource;
  if (readiness.by === 'health') {
    return resource.kind === 'Deployment' && resource.apiVersion === 'apps/v1'
      ? ofDeployment(look)
      : ofHealth(look);
  }
  const missing =
    readiness.by === 'conditions'
      ? readiness.types.filter((type) => !isTrue(found, type))
      : readiness.isReady(found, look.scope, look.observed)
        ? []
        : [readiness.text];
  if (missing.length === 0) return { state: 'ready', note: '' };
  const health = await ofHealth(look);
  // Its own condition decides what ready is; what is known of its kind still says when it has failed, and why.
  return {
    state: health.state === 'failed' ? 'failed' : 'progressing',
    note: health.state === 'ready' ? `waits for ${listOf(missing)}` : health.note,
  };
}

async function ofDeployment({ found, scope, cluster }: Look): Promise<Standing> {
  const { name, namespace = scope.environment.namespace } = found.metadata;
  const workload = await cluster.workload(namespace, name);
  const ready = `${workload?.ready ?? 0} of ${workload?.wanted ?? scope.environment.replicas} ready`;
  if (workload?.isSettled) return { state: 'ready', note: ready };
  const trouble = workload?.troubles[0];
  const isLost = workload !== undefined && !workload.mayRecover;
  return {
    state: isLost ? 'failed' : 'progressing',
    note: trouble ?? (isLost ? 'its Pods cannot start' : ready),
  };
}

async function ofHealth({ resource, found, scope, cluster, context }: Look): Promise<Standing> {
  const { state, why } = healthOf(found);
  const isCustom =
    resource.apiVersion.split('/')[0]?.includes('.') === true && !resource.apiVersion.includes('k8s.io/');
  if (state === 'ready' || state === 'suspended' || (state === 'unknown' && !isCustom)) {
    return { state: 'ready', note: '' };
  }
  const hasHadTime = !isCustom || context.now - context.waitingSince > recoveryMax;
  const warning = await warningOf(found.metadata.name, scope.environment.namespace, cluster);
  return {
    state: state === 'failed' && hasHadTime ? 'failed' : 'progressing',
    note: warning === undefined ? why : `${why.replace(/\.$/, '')}: ${warning}`,
  };
}

/** What the cluster last complained of about it or its Pods: the image that cannot be pulled, the quota that is full. */
async function warningOf(name: string, namespace: string, cluster: Cluster): Promise<string | undefined> {
  const warnings = await cluster.warnings(namespace, 20).catch(() => []);
  const own = warnings.filter(({ object }) => {
    const its = object.slice(object.lastIndexOf(' ') + 1);
    return its === name || its.startsWith(`${name}-`);
  });
  // That it is tried again says less than why it failed.
  const [first] = [...own].sort((a, b) => Number(a.reason === 'BackOff') - Number(b.reason === 'BackOff'));
  return first?.message;
}

function isTrue(manifest: Manifest, type: string): boolean {
  const { status } = manifest as { readonly status?: { readonly conditions?: unknown } };
  const conditions: readonly unknown[] = Array.isArray(status?.conditions) ? status.conditions : [];
  return conditions.some(
    (one) =>
      typeof one === 'object' &&
      one !== null &&
      'type' in one &&
      one.type === type &&
      'status' in one &&
      one.status === 'True',
  );
}
