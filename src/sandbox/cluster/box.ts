/**
 * A Kubernetes cluster in a box: the API over plain HTTP as @kubernetes/client-node and kubectl use it, with the
 * controllers, the scheduler and the kubelet behind it. Time passes only on the sandbox's clock.
 */
import { type BoxContext, serveBox } from '../serve.ts';
import { createTokens } from './authn.ts';
import { type ClusterControl, createControl } from './control.ts';
import { answerControl } from './control-http.ts';
import { startControllers } from './controllers/controllers.ts';
import { type Handling, handle } from './handle.ts';
import { liveThroughPast, switchable } from './past.ts';
import { createRegistry } from './registry.ts';
import { isTrue } from './request-info.ts';
import { type ClusterSeed, readClusterSeed } from './seed.ts';
import { ApiError } from './status.ts';
import { createStore, type Store } from './store.ts';
import type { JsonObject, KubeObject } from './types.ts';
import { createStreams } from './verbs/watch.ts';
import { type ClusterWorld, createIds } from './world.ts';

export interface ClusterBoxOptions extends BoxContext {
  /** 0 takes a free port. */
  readonly port: number;
  /** The sandbox's own cluster when not given. */
  readonly seed?: ClusterSeed;
}

export interface ClusterBox {
  /** For a kubeconfig's `server`; needs `skipTLSVerify: true` there, because it is plain HTTP. */
  readonly url: string;
  /** Of the cluster as it is since the last reset: ask for it anew instead of keeping it. */
  readonly control: ClusterControl;
  /** Tells everything that is there, then every change; after a reset it begins anew. Returns how to stop. */
  observe(observer: ClusterObserver): () => void;
  /** Everything is as in the seed again, at the same address and for the same tokens; watches end. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export interface ClusterObserver {
  /** What was seen so far is of another world. */
  begin(): void;
  see(storage: string, object: KubeObject, isGone: boolean): void;
}

/** @throws PortInUseError when the port is taken; ZodError when the seed is not one. */
export async function startClusterBox(options: ClusterBoxOptions): Promise<ClusterBox> {
  const seed = options.seed ?? readClusterSeed();
  let life = await beginLife(options, seed, createStore());
  const observers = new Map<ClusterObserver, () => void>();
  const follow = (observer: ClusterObserver) => {
    const { store } = life.handling.world;
    observer.begin();
    for (const { storage, object } of store.everything()) observer.see(storage, object, false);
    observers.set(
      observer,
      store.subscribe(({ type, storage, object }) => observer.see(storage, object, type === 'DELETED')),
    );
  };

  const serving = await serveBox({
    ...options,
    box: 'cluster',
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      return pathname.startsWith('/_sandbox/')
        ? answerControl(life.control, request)
        : handle(life.handling, request);
    },
    faultBody,
    operationOf: (method, url) => {
      if (url.pathname.startsWith('/_sandbox/')) return undefined;
      // It looks like a write and is none: whoever reads the journal should see that.
      const dryRun = url.searchParams.has('dryRun') ? '?dryRun=All' : '';
      return `${method} ${url.pathname}${dryRun}`;
    },
    isStream: (url) => {
      const asked = (name: string) => isTrue(url.searchParams.get(name) ?? 'false');
      return asked('watch') || asked('follow') || /\/watch\//.test(url.pathname);
    },
  });
  return {
    url: serving.url,
    get control() {
      return life.control;
    },
    observe(observer) {
      follow(observer);
      return () => {
        observers.get(observer)?.();
        observers.delete(observer);
      };
    },
    async reset() {
      const old = life;
      // Revisions go on: a watch that resumes from before is told 410 and lists again, as after any restart.
      life = await beginLife(options, seed, createStore(old.handling.world.store.revision() + 1));
      old.end();
      for (const observer of observers.keys()) follow(observer);
    },
    async stop() {
      life.end();
      // What was just ended has to leave before its connection is cut, or clients see a torn stream.
      await new Promise((resolve) => setTimeout(resolve, 5));
      await serving.stop();
    },
  };
}

/** A cluster from its seed to its end; a reset begins another one behind the same address. */
interface Life {
  readonly handling: Handling;
  readonly control: ClusterControl;
  end(): void;
}

async function beginLife(options: ClusterBoxOptions, seed: ClusterSeed, store: Store): Promise<Life> {
  const clock = switchable(options.clock);
  const world = {
    clock,
    registry: createRegistry(),
    store,
    ids: createIds(1),
    knobs: { failNext: new Map(), failNextResources: [], unschedulable: new Set() },
  } satisfies ClusterWorld;
  const tokens = createTokens(world);
  const streams = createStreams();
  await liveThroughPast(world, tokens, seed, options.clock.now());
  clock.use(options.clock);
  let controllers = startControllers(world);
  const control = createControl({
    world,
    tokens,
    streams,
    faults: options.faults,
    restart() {
      // What a killed server forgets: its connections, its watch cache, its controllers' memory.
      controllers.stop();
      streams.closeAll();
      world.store.compact();
      controllers = startControllers(world);
    },
  });
  return {
    handling: { world, tokens, streams },
    control,
    end() {
      controllers.stop();
      streams.closeAll();
    },
  };
}

/** Reasons and sentences of apimachinery's NewGenericServerResponse, which clients tell errors apart by. */
function faultBody(status: number): JsonObject {
  const [reason, message] = faultReasons[status] ?? [
    'InternalError',
    'an error on the server has prevented the request from succeeding',
  ];
  return new ApiError(status, reason, message).body;
}

const faultReasons: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: [
    'Timeout',
    'the server was unable to return a response in the time allotted, but may still be processing the request',
  ],
};
