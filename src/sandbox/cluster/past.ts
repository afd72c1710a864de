/**
 * How a seeded cluster came to be: it lives through its past on a clock of its own, so that it starts settled and
 * with ages. Between the moments at which something happened, nothing is played.
 */
import { createWorldClock, type WorldClock } from '../clock.ts';
import type { Tokens } from './authn.ts';
import { startControllers } from './controllers/controllers.ts';
import { type ClusterSeed, plant, plantNamespace, plantWorkloads } from './seed.ts';
import type { ClusterWorld } from './world.ts';

export interface SwitchableClock extends WorldClock {
  use(clock: WorldClock): void;
}

const dayMs = 86_400_000;
const settleMs = 30_000;
/** The last stretch, in which what crashes went on crashing. */
const lastStretchMs = 1_200_000;

/** Leaves the world's clock on a moment of the past: the caller sets the present one. */
export async function liveThroughPast(
  world: ClusterWorld & { readonly clock: SwitchableClock },
  tokens: Tokens,
  seed: ClusterSeed,
  now: number,
): Promise<void> {
  const moments = [...new Set([...seed.namespaces, ...seed.workloads].map((one) => one.ageDays))];
  const oldest = Math.max(1, ...moments);
  world.clock.use(createWorldClock({ mode: 'still', startAt: now - oldest * dayMs - settleMs }));
  plant(world, tokens, seed);
  for (const ageDays of moments.sort((a, b) => b - a)) {
    await liveFrom(now - ageDays * dayMs - settleMs, settleMs, async (history) => {
      for (const one of seed.namespaces) if (one.ageDays === ageDays) plantNamespace(world, seed, one);
      await history.advance(2_000);
      plantWorkloads(
        world,
        seed.workloads.filter((one) => one.ageDays === ageDays),
      );
    });
  }
  await liveFrom(now - lastStretchMs, lastStretchMs, async () => {});
  world.store.compact();

  async function liveFrom(
    startAt: number,
    spanMs: number,
    begin: (history: WorldClock) => Promise<void>,
  ): Promise<void> {
    const history = createWorldClock({ mode: 'still', startAt });
    world.clock.use(history);
    const running = startControllers(world);
    await begin(history);
    await history.advance(startAt + spanMs - history.now());
    running.stop();
  }
}

export function switchable(first: WorldClock): SwitchableClock {
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
