/** What somebody on call asks next about a Deployment: how far, since when, and who holds it. Pure. */
import type { WorkloadView } from '../../core/cluster-view.ts';
import type { Moment } from '../../core/ids.ts';
import { diagnose, type Evidence, newestOf, ownSets, podsOf } from './diagnose.ts';

export function viewOf(evidence: Evidence): WorkloadView {
  const { deployment } = evidence;
  const paused = deployment.status.conditions.find(
    (one) => one.type === 'Progressing' && one.reason === 'DeploymentPaused',
  );
  const restartedAt = lastEnd(evidence);
  const changedAt = momentOf(newestOf(ownSets(evidence))?.metadata.creationTimestamp);
  return {
    ...diagnose(evidence),
    updated: deployment.status.updatedReplicas,
    ...(deployment.spec.paused ? { pausedAt: momentOf(paused?.lastTransitionTime) ?? 0 } : {}),
    ...(restartedAt === undefined ? {} : { restartedAt }),
    ...(changedAt === undefined ? {} : { changedAt }),
  };
}

/** When a container of a living Pod ended last. */
function lastEnd(evidence: Evidence): Moment | undefined {
  const ends = podsOf(evidence)
    .filter((pod) => !pod.metadata.deletionTimestamp)
    .flatMap(({ status }) => [...status.initContainerStatuses, ...status.containerStatuses])
    .filter((status) => status.restartCount > 0)
    .flatMap(
      ({ state, lastState }) => momentOf((state.terminated ?? lastState.terminated)?.finishedAt) ?? [],
    );
  return ends.length === 0 ? undefined : Math.max(...ends);
}

function momentOf(text: string | null | undefined): Moment | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : at;
}
