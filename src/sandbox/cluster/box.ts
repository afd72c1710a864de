/**
 * A Kubernetes cluster in a box: the API over plain HTTP as @kubernetes/client-node and kubectl use it, with the
 * controllers, the scheduler and the kubelet behind it. Time passes only on the sandbox's clock.
 */
import { createWorldClock, type WorldClock } from '../clock.ts';
import { type BoxContext, serveBox } from '../serve.ts';
import { createTokens } from './authn.ts';
import { type ClusterControl, createControl } from './control.ts';
import { answerControl } from './control-http.ts';
import { type RunningControllers, startControllers } from './controllers/controllers.ts';
import { handle } from './handle.ts';
import { createRegistry } from './registry.ts';
import { isTrue } from './request-info.ts';
import { type ClusterSeed, plant, plantNamespace, plantWorkloads, readClusterSeed } from './seed.ts';
import { createStore } from './store.ts';
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
  readonly control: ClusterControl;
  stop(): Promise<void>;
}

/** @throws PortInUseError when the port is taken; ZodError when the seed is not one. */
export async function startClusterBox(options: ClusterBoxOptions): Promise<ClusterBox> {
  const seed = options.seed ?? readClusterSeed();
  const clock = switchable(options.clock);
  const world: ClusterWorld = {
    clock,
    registry: createRegistry(),
    store: createStore(),
    ids: createIds(1),
    knobs: { failNext: new Map(), unschedulable: new Set() },
  };
  const tokens = createTokens(world);
  const streams = createStreams();
  let controllers: RunningControllers | undefined;
  await liveThrough(seed);
  controllers = startControllers(world);

  const control = createControl({
    world,
    tokens,
    streams,
    faults: options.faults,
    restart() {
      // What a killed server forgets: its connections, its watch cache, its controllers' memory.
      controllers?.stop();
      streams.closeAll();
      world.store.compact();
      controllers = startControllers(world);
    },
  });
  const handling = { world, tokens, streams };
  const serving = await serveBox({
    ...options,
    box: 'cluster',
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      return pathname.startsWith('/_sandbox/') ? answerControl(control, request) : handle(handling, request);
    },
    operationOf: (method, url) =>
      url.pathname.startsWith('/_sandbox/') ? undefined : `${method} ${url.pathname}`,
    isStream: (url) => {
      const asked = (name: string) => isTrue(url.searchParams.get(name) ?? 'false');
      return asked('watch') || asked('follow') || /\/watch\//.test(url.pathname);
    },
  });
  return {
    url: serving.url,
    control,
    async stop() {
      controllers?.stop();
      streams.closeAll();
      // What was just ended has to leave before its connection is cut, or clients see a torn stream.
      await new Promise((resolve) => setTimeout(resolve, 5));
      await serving.stop();
    },
  };

  /** Lets the seeded cluster live through its past on a clock of its own, so that it starts settled and with ages. */
  async function liveThrough(past: ClusterSeed): Promise<void> {
    const now = options.clock.now();
    const oldest = Math.max(
      1,
      ...past.namespaces.map((one) => one.ageDays),
      ...past.workloads.map((one) => one.ageDays),
    );
    plantAt(oldest);
    const moments = [...new Set([...past.namespaces, ...past.workloads].map((one) => one.ageDays))];
    for (const ageDays of moments.sort((a, b) => b - a)) {
      await liveFrom(now - ageDays * dayMs - settleMs, settleMs, async (history) => {
        for (const one of past.namespaces) if (one.ageDays === ageDays) plantNamespace(world, past, one);
        await history.advance(2_000);
        plantWorkloads(
          world,
          past.workloads.filter((one) => one.ageDays === ageDays),
        );
      });
    }
    // The last stretch, in which what crashes went on crashing.
    await liveFrom(now - lastStretchMs, lastStretchMs, async () => {});
    clock.use(options.clock);
    world.store.compact();

    function plantAt(ageDays: number): void {
      clock.use(createWorldClock({ mode: 'still', startAt: now - ageDays * dayMs - settleMs }));
      plant(world, tokens, past);
    }
  }

  /** Runs the controllers over a span of the past. Between such spans nothing happens. */
  async function liveFrom(
    startAt: number,
    spanMs: number,
    begin: (history: WorldClock) => Promise<void>,
  ): Promise<void> {
    const history = createWorldClock({ mode: 'still', startAt });
    clock.use(history);
    const running = startControllers(world);
    await begin(history);
    await history.advance(startAt + spanMs - history.now());
    running.stop();
  }
}

const dayMs = 86_400_000;
const settleMs = 30_000;
const lastStretchMs = 1_200_000;

interface SwitchableClock extends WorldClock {
  use(clock: WorldClock): void;
}

function switchable(first: WorldClock): SwitchableClock {
  let current = first;
  return {
    now: () => current.now(),
    after: (delayMs, fire) => current.after(delayMs, fire),
    sleep: (delayMs) => current.sleep(delayMs),
    advance: (ms) => current.advance(ms),
    use(clock) {
      current = clock;
    },
  };
}
