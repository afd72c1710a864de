/** The Deployments of services that go out by their image, as the cluster's port reaches them. */
import type { Cluster, ImageOrder, Workload } from '../../../src/core/cluster.ts';
import { secondMs } from '../../../src/core/duration.ts';
import type { Moment } from '../../../src/core/ids.ts';
import { ProblemError, problem } from '../../../src/core/problem.ts';
import type { Calls, Life } from '../calls.ts';
import { drawOf } from '../chance.ts';
import type { Effect } from './things.ts';

export interface ServicesWorld {
  readonly seed: number;
  now(): Moment;
  /** The request whose run has this number. */
  keyOfFence(fence: number): string;
  /** What the controller has brought there of what was merged. */
  merged(environment: string): string;
  /** A step is about to reach it. */
  leaves(effect: Pick<Effect, 'key' | 'kind'>): void;
  happened(effect: Effect): void;
}

export interface Services {
  image(namespace: string): string;
  workload(namespace: string): Workload | undefined;
  port(calls: Calls, life: Life): Pick<Cluster, 'image' | 'setImage'>;
}

interface Running {
  image: string;
  fence: number;
  /** Infinity: its Pods cannot start. */
  readyAt: Moment;
}

export const firstImage = 'registry.acme.example/search:0.9.0';
/** How long a rollout takes, at most; and how many of them fail. */
const rolloutMs = 15 * secondMs;
const failing = 0.15;

export function createServices(world: ServicesWorld): Services {
  const { seed, now, keyOfFence } = world;
  const running = new Map<string, Running>(
    ['search-staging', 'search-production'].map((name) => [
      name,
      { image: firstImage, fence: 0, readyAt: 0 },
    ]),
  );
  /** Of each run: what it has found there. */
  const before = new Map<number, string>();

  const kindOf = ({ image, fence = 0 }: ImageOrder): Effect['kind'] =>
    before.get(fence) === image ? 'taken back' : 'done';

  function setImage(order: ImageOrder): void {
    const { namespace, image, fence = 0 } = order;
    const found = running.get(namespace);
    if (!found || fence < found.fence) throw new ProblemError(outdated);
    found.fence = fence;
    if (found.image === image) return;
    const kind = kindOf(order);
    if (!before.has(fence)) before.set(fence, found.image);
    const draw = kind === 'done' ? drawOf(seed, `${image} at ${now()} rolls out`) : 1;
    Object.assign(found, {
      image,
      readyAt: draw < failing ? Infinity : now() + Math.round(draw * rolloutMs),
    });
    world.happened({ key: `${keyOfFence(fence)}:image`, kind, thing: `image in ${namespace}` });
  }

  return {
    image: (namespace) => running.get(namespace)?.image ?? '',
    workload(namespace) {
      const [service = '', environment = ''] = namespace.split('-');
      const found = running.get(namespace);
      const isOfMerges = service === 'checkout';
      if (!found && !isOfMerges) return undefined;
      const image = found?.image ?? `registry.acme.example/checkout:${world.merged(environment)}`;
      const isSettled = now() >= (found?.readyAt ?? 0);
      return {
        ...{ version: image.split(':')[1] ?? '', image, wanted: 1, ready: Number(isSettled), restarts: 0 },
        ...{ isSettled, mayRecover: found?.readyAt !== Infinity, troubles: [] },
      };
    },
    port: (calls, life) => ({
      image: (namespace) =>
        calls.make(life, {
          ...{ port: 'outside', what: `image in ${namespace}`, isWrite: false },
          work: () => running.get(namespace)?.image ?? '',
          failure: () => new ProblemError(away),
        }),
      setImage(order) {
        world.leaves({ key: `${keyOfFence(order.fence ?? 0)}:image`, kind: kindOf(order) });
        return calls.make(life, {
          ...{ port: 'outside', what: `set image in ${order.namespace}`, isWrite: true },
          work: () => setImage(order),
          failure: () => new ProblemError(away),
        });
      },
    }),
  };
}

const away = problem('outside_unavailable', 'The cluster does not answer.', 'It is asked again.', {
  isTransient: true,
});
const outdated = problem('conflict', 'A newer run has changed it since.', 'Look at what it is now.');
