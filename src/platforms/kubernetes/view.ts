/** A person's view of the cluster: from the cache what may be seen, and live, in their name, what is not in it. */
import type { ClusterView, Viewer } from '../../core/cluster-view.ts';
import type { Moment } from '../../core/ids.ts';
import { type Access, identityOf, missing, type Right } from './access.ts';
import type { ClusterCache } from './cache/cluster-cache.ts';
import { viewOf } from './details.ts';
import type { Evidence } from './diagnose.ts';
import { overviewOf } from './overview.ts';
import { problemOf } from './problems.ts';
import type { Identity } from './transport.ts';
import { mergeWarnings } from './warnings.ts';

export interface ViewOptions {
  readonly cache: ClusterCache;
  readonly access: Access;
  /** As people know the cluster. */
  readonly cluster: string;
  /** Whether the cluster lets us read in a person's name; without, our own rights are what everybody sees. */
  readonly isImpersonating: boolean;
  readonly viewer: Viewer;
  now(): Moment;
  attempt<Value>(about: string, call: () => Promise<Value>): Promise<Value>;
  /** Reads anew, with whose rights. */
  logs(as: Identity | undefined, ...of: Parameters<ClusterView['logs']>): ReturnType<ClusterView['logs']>;
}

const rights = {
  deployments: { verb: 'list', group: 'apps', resource: 'deployments' },
  pods: { verb: 'list', group: '', resource: 'pods' },
  events: { verb: 'list', group: '', resource: 'events' },
  resourcequotas: { verb: 'list', group: '', resource: 'resourcequotas' },
  nodes: { verb: 'list', group: '', resource: 'nodes' },
} as const satisfies Record<string, Right>;

export function createView(options: ViewOptions): ClusterView {
  const { cache, access, cluster, viewer, attempt } = options;

  const identity = (): Identity | undefined =>
    options.isImpersonating && viewer.kind === 'person' ? identityOf(viewer, cluster) : undefined;

  /** Whoever may see all of it is asked about once, not once a namespace. */
  const everywhere = new Map<Right, Promise<boolean>>();

  /** @throws ProblemError that names the right which is missing. */
  async function check(namespace: string | undefined, ...needed: readonly Right[]): Promise<void> {
    const as = identity();
    if (!as) return;
    for (const right of needed) {
      const inAll = everywhere.get(right) ?? access.may(as, right, undefined);
      everywhere.set(right, inAll);
      if (await inAll) continue;
      if (namespace === undefined || !(await access.may(as, right, namespace))) {
        throw missing(right, namespace, cluster);
      }
    }
  }

  async function evidenceOf(namespace: string, name: string): Promise<Evidence | undefined> {
    const [deployments, sets, allPods, events] = await Promise.all([
      cache.shelf('deployments', namespace),
      cache.shelf('replicasets', namespace),
      cache.shelf('pods', namespace),
      // Without the right to read events the health can be told all the same, in fewer words.
      cache.shelf('events', namespace).catch(() => undefined),
    ]);
    const deployment = deployments.get(namespace, name);
    if (!deployment) return undefined;
    const replicaSets = sets.find(`of:${deployment.metadata.uid}`);
    const pods = replicaSets.flatMap((set) => allPods.find(`of:${set.metadata.uid}`));
    const named = [deployment, ...replicaSets, ...pods].map((object) => object.metadata.name);
    return {
      deployment,
      replicaSets,
      pods,
      events: named.flatMap((one) => events?.find(`about:${namespace}/${one}`) ?? []),
      now: options.now(),
    };
  }

  return {
    freshness: () => cache.freshness(),

    workload: (namespace, deployment) =>
      attempt(`Deployment ${deployment} in ${namespace}`, async () => {
        await check(namespace, rights.deployments, rights.pods);
        const evidence = await evidenceOf(namespace, deployment);
        return evidence && viewOf(evidence);
      }),

    warnings: (namespace, limit, deployment) =>
      attempt(`the events of ${namespace}`, async () => {
        await check(namespace, rights.events);
        if (deployment === undefined) {
          return mergeWarnings((await cache.shelf('events', namespace)).find(`in:${namespace}`), limit);
        }
        await cache.shelf('events', namespace);
        return mergeWarnings((await evidenceOf(namespace, deployment))?.events ?? [], limit);
      }),

    logs: (...of) => attempt(`the logs of ${of[1]} in ${of[0]}`, async () => options.logs(identity(), ...of)),

    overview: () =>
      attempt('its nodes', async () => {
        await check(undefined, rights.nodes, rights.pods);
        const notSeen: string[] = [];
        // Half an overview beats none: what is missing is named in it.
        const ifSeen = async <Name extends 'resourcequotas' | 'events'>(name: Name) => {
          try {
            await check(undefined, rights[name]);
            return await cache.shelf(name, undefined);
          } catch (error) {
            notSeen.push(problemOf(error, cluster, `the ${name}`).problem.sentence);
            return undefined;
          }
        };
        const [nodes, pods, quotas, events, version] = await Promise.all([
          cache.shelf('nodes', undefined),
          cache.shelf('pods', undefined),
          ifSeen('resourcequotas'),
          ifSeen('events'),
          cache.version(),
        ]);
        const overview = overviewOf({
          version,
          nodes: nodes.all(),
          pods: pods.all(),
          quotas: quotas?.all() ?? [],
          eventsAbout: ({ metadata: { namespace, name } }) =>
            events?.find(`about:${namespace}/${name}`) ?? [],
          now: options.now(),
        });
        return { ...overview, notSeen };
      }),
  };
}
