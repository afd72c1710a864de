/**
 * What a cluster has told us, kept up to date for everybody who looks. Nothing is asked for before somebody wants it.
 * A kind is followed in the whole cluster when we may, otherwise namespace by namespace as they are asked about.
 */
import type { Freshness } from '../../../core/cluster-view.ts';
import type { Moment } from '../../../core/ids.ts';
import type { Clock, Scheduler } from '../../../core/ports.ts';
import { ProblemError, problem } from '../../../core/problem.ts';
import { problemOf } from '../problems.ts';
import type { Transport } from '../transport.ts';
import { isRefused } from './errors.ts';
import { type ItemOf, type Kind, type KindName, kinds } from './kinds.ts';
import { createPulse } from './pulse.ts';
import { type Reflector, type ReflectorState, startReflector } from './reflector.ts';
import { createShelf, type Shelf } from './shelf.ts';

export interface CacheOptions {
  readonly transport: Transport;
  /** As people know the cluster. */
  readonly name: string;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  draw(): number;
}

export interface ClusterCache {
  /**
   * What is known of one kind in a namespace, or of the whole cluster.
   * @throws ProblemError when nothing was ever learned of it: the cluster is away, or a right of ours is missing.
   */
  shelf<Name extends KindName>(name: Name, namespace: string | undefined): Promise<Shelf<ItemOf<Name>>>;
  freshness(): Promise<Freshness>;
  /** Of the API server; empty when it does not say. */
  version(): Promise<string>;
  close(): Promise<void>;
}

/** Each takes a connection per kind. With more, Greenlight needs the right to list in the whole cluster. */
const namespacesMax = 50;

interface Followed {
  readonly what: string;
  readonly reflector: Reflector;
  readonly shelf: Shelf<never>;
}

export function createClusterCache(options: CacheOptions): ClusterCache {
  const { name: cluster, clock } = options;
  const followed = new Map<string, Followed>();
  const namespaces = new Set<string>();
  const pulse = createPulse(options);
  let isClosed = false;

  function follow(name: KindName, namespace: string | undefined): Followed {
    const key = `${name} ${namespace ?? '*'}`;
    const before = followed.get(key);
    if (before) return before;
    if (isClosed)
      throw new ProblemError(problem('busy', 'Greenlight is stopping.', 'Ask again in a moment.'));
    // Which kind it is has no weight here: what goes in and what comes out are of the same one.
    const kind = kinds[name] as unknown as Kind<never>;
    const shelf = createShelf<never>(kind.keysOf, kind.itemsMax);
    const reflector = startReflector<never>({ ...options, path: pathOf(kind, namespace), kind, shelf });
    const entry = { what: whatOf(name, namespace), reflector, shelf };
    followed.set(key, entry);
    return entry;
  }

  async function learned(entry: Followed): Promise<Shelf<never>> {
    await entry.reflector.tried;
    const { heardAt, error } = entry.reflector.state();
    if (heardAt === undefined) throw problemOf(error, cluster, entry.what);
    if (entry.shelf.isCut) throw tooMany(entry.what, cluster);
    return entry.shelf;
  }

  return {
    async shelf(name, namespace) {
      const everywhere = follow(name, undefined);
      await everywhere.reflector.tried;
      const isAllowed = !isRefused(everywhere.reflector.state().error);
      if (isAllowed || namespace === undefined || !kinds[name].isNamespaced) return learned(everywhere);
      if (!namespaces.has(namespace) && namespaces.size >= namespacesMax)
        throw tooManyNamespaces(name, cluster);
      namespaces.add(namespace);
      return learned(follow(name, namespace));
    },

    async freshness() {
      const states = () =>
        [...followed.values()]
          .map(({ reflector }) => reflector.state())
          .filter((state) => state.heardAt !== undefined);
      const now = clock.now();
      if (states().some((state) => asOf(state, pulse.answeredAt()) < now - recentMs)) await pulse.feel();
      const found = states();
      const error = found.find((state) => state.error !== undefined)?.error ?? pulse.error();
      return {
        asOf: Math.min(now, ...found.map((state) => asOf(state, pulse.answeredAt()))),
        isLive: error === undefined,
        ...(error === undefined ? {} : { trouble: problemOf(error, cluster, 'its state').problem.sentence }),
      };
    },

    async version() {
      if (pulse.version() === '') await pulse.feel();
      return pulse.version();
    },

    async close() {
      isClosed = true;
      await Promise.all([...followed.values()].map(({ reflector }) => reflector.stop()));
    },
  };
}

/** Knowledge younger than this is told without asking whether the cluster still lives. */
const recentMs = 10_000;

/**
 * A server that answers now, and whose watch has been open since before, would have told us of a change. What this
 * cannot see, a connection that died on the way without a word, is found by the watch's own bound on silence.
 */
function asOf({ heardAt = 0, isOpen, openedAt }: ReflectorState, answeredAt: Moment): Moment {
  return isOpen && openedAt <= answeredAt ? Math.max(heardAt, answeredAt) : heardAt;
}

function pathOf({ group, plural }: Kind<never>, namespace: string | undefined): string {
  const root = group === '' ? '/api/v1' : `/apis/${group}/v1`;
  return `${root}${namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${plural}`;
}

function whatOf(name: KindName, namespace: string | undefined): string {
  return `the ${name}${namespace === undefined ? '' : ` of ${namespace}`}`;
}

function tooMany(what: string, cluster: string): ProblemError {
  return new ProblemError(
    problem(
      'outside_refused',
      `There are more of ${what} in the cluster ${cluster} than Greenlight holds.`,
      'Tell the platform team: this cluster is larger than Greenlight was made for.',
    ),
  );
}

function tooManyNamespaces(name: KindName, cluster: string): ProblemError {
  return new ProblemError(
    problem(
      'outside_refused',
      `Greenlight has no right to list and watch ${name} in the whole cluster ${cluster}, and follows ${namespacesMax} namespaces one by one already.`,
      'Tell the platform team: the rights it needs are listed in deploy/kubernetes-rbac.yml.',
    ),
  );
}
