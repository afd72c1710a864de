/** What somebody on call does to a Deployment: each is one fenced change of fields that people change as well. */
import type { Cluster } from '../../core/cluster.ts';
import { type FencedPatch, patchFenced } from './fenced-patch.ts';
import { noDeployment } from './problems.ts';
import { StatusError, type Transport } from './transport.ts';

export interface OperationsOptions {
  readonly transport: Transport;
  readonly fieldManager: string;
  /** As people know the cluster. */
  readonly name: string;
  attempt<Value>(about: string, call: () => Promise<Value>): Promise<Value>;
}

/** Where `kubectl rollout restart` notes when: a change of the Pod template, and so a rollout. */
const restartedAt = 'kubectl.kubernetes.io/restartedAt';

export function createOperations(options: OperationsOptions): Pick<Cluster, 'restart' | 'scale' | 'pause'> {
  const { transport, fieldManager, name, attempt } = options;

  /** Merged into what is there, whoever manages the rest. */
  function change(
    namespace: string,
    deployment: string,
    body: FencedPatch['body'],
    fence: number | undefined,
  ): Promise<void> {
    const about = `Deployment ${deployment} in ${namespace}`;
    return attempt(about, async () => {
      try {
        const room = `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}`;
        const path = `${room}/deployments/${encodeURIComponent(deployment)}`;
        await patchFenced(transport, { path, fieldManager, body, fence, about });
      } catch (error) {
        // A 404 of anything in between, or of a wrong address, proves nothing.
        const isMissing =
          error instanceof StatusError && error.code === 404 && error.status.reason === 'NotFound';
        throw isMissing ? noDeployment(namespace, deployment, name) : error;
      }
    });
  }

  return {
    restart: (namespace, deployment, at, fence) =>
      change(
        namespace,
        deployment,
        { spec: { template: { metadata: { annotations: { [restartedAt]: new Date(at).toISOString() } } } } },
        fence,
      ),

    // Of the object itself rather than of its `scale`: that one has no annotations, and so no room for a fence.
    scale: (namespace, deployment, replicas, fence) =>
      change(namespace, deployment, { spec: { replicas } }, fence),

    pause: (namespace, deployment, isPaused, fence) =>
      change(namespace, deployment, { spec: { paused: isPaused } }, fence),
  };
}
