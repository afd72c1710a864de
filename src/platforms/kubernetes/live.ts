/** A Deployment with all that knows a part of the truth about it, read from the cluster at this moment. */
import type { ContainerLog } from '../../core/cluster.ts';
import type { Moment } from '../../core/ids.ts';
import { type Evidence, podsOf } from './diagnose.ts';
import { listAll } from './list.ts';
import { readLogs } from './pod-logs.ts';
import { labelSelector } from './selector.ts';
import { deploymentSchema, type EventObject, eventSchema, podSchema, replicaSetSchema } from './shapes.ts';
import { StatusError, type Transport } from './transport.ts';

export interface Live {
  /** `undefined` when there is no such Deployment. */
  gather(namespace: string, deployment: string): Promise<Evidence | undefined>;
  warningEvents(namespace: string): Promise<readonly EventObject[]>;
  /** `undefined` when there is no such Deployment. */
  logs(
    namespace: string,
    deployment: string,
    most: { readonly pods: number; readonly lines: number },
  ): Promise<readonly ContainerLog[] | undefined>;
}

export function createLive(transport: Transport, now: () => Moment): Live {
  const warningEvents = (namespace: string) =>
    listAll(transport, `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`, eventSchema, {
      fieldSelector: 'type=Warning',
    });

  async function gather(namespace: string, deployment: string): Promise<Evidence | undefined> {
    const room = `namespaces/${encodeURIComponent(namespace)}`;
    const found = await deploymentAt(`/apis/apps/v1/${room}/deployments/${encodeURIComponent(deployment)}`);
    if (found === undefined) return undefined;
    const object = deploymentSchema.parse(found);
    const query = { labelSelector: labelSelector(object.spec.selector) };
    const [replicaSets, pods, events] = await Promise.all([
      listAll(transport, `/apis/apps/v1/${room}/replicasets`, replicaSetSchema, query),
      listAll(transport, `/api/v1/${room}/pods`, podSchema, query),
      warningEvents(namespace),
    ]);
    return { deployment: object, replicaSets, pods, events, now: now() };
  }

  async function deploymentAt(path: string): Promise<unknown> {
    try {
      return await transport.call({ method: 'GET', path });
    } catch (error) {
      // A 404 of anything in between, or of a wrong address, proves nothing.
      if (error instanceof StatusError && error.code === 404 && error.status.reason === 'NotFound')
        return undefined;
      throw error;
    }
  }

  return {
    gather,
    warningEvents,
    async logs(namespace, deployment, most) {
      const evidence = await gather(namespace, deployment);
      return evidence && readLogs(transport, podsOf(evidence), evidence, most);
    },
  };
}
