/** One seed from its beginning to its end. */
import { hourMs, minuteMs, secondMs } from '../../src/core/duration.ts';
import { actsOf } from './acts/plan-acts.ts';
import { BrokenPromise, type PromiseName } from './broken-promise.ts';
import type { KillAt } from './calls.ts';
import { freshSqlite, type SimulatedDatabase } from './database.ts';
import { planOf } from './plan.ts';
import { watchRealTime } from './real-time.ts';
import { checkAtRest } from './rest.ts';
import { createScene, type Scene } from './scene.ts';

export interface Outcome {
  readonly seed: number;
  /** How much happened. */
  readonly steps: number;
  readonly requests: number;
  /** Nothing when all was kept. */
  readonly broken?: { readonly promise: PromiseName; readonly words: string };
  readonly story: readonly string[];
  /** Decisions that came about, by name. */
  readonly decisions: readonly string[];
  /** What could be killed at, in order. */
  readonly writes: readonly string[];
}

export interface SimulateOptions {
  /** Decisions to leave out. */
  readonly without?: ReadonlySet<string>;
  /** The story tells every call, too. */
  readonly isTraced?: boolean;
  /** Somebody outside does everything twice: for trying what happens when a promise is broken. */
  readonly isEverythingTwice?: boolean;
  /** A process is killed there, whatever else happens. */
  readonly killAt?: KillAt;
  database?(): Promise<SimulatedDatabase>;
}

/** Longer than anything takes once all is well. */
const restMax = 3 * hourMs;
/** Longer than the leader's looks are apart. */
const foundMax = 10 * minuteMs;

export async function simulate(seed: number, options: SimulateOptions = {}): Promise<Outcome> {
  const {
    without = new Set(),
    database: open = freshSqlite,
    isTraced = false,
    isEverythingTwice = false,
    killAt,
  } = options;
  const plan = planOf(seed);
  const database = await open();
  const scene = createScene(plan, database, { without, isTraced, isEverythingTwice, killAt });
  const { timeline, story, model, calls } = scene;
  let broken: BrokenPromise | undefined;
  const ended = watchRealTime(model.breaks);
  try {
    for (const act of actsOf(plan)) {
      if (!without.has(act.name)) timeline.at(timeline.now() + act.atMs, () => scene.play(act));
    }
    await liveUntil(scene, timeline.now() + plan.lengthMs);
    calls.heal();
    story.note(timeline.now(), 'from here on everything works');
    await rest(scene);
    await checkAtRest(scene);
  } catch (error) {
    if (!(error instanceof BrokenPromise)) throw error;
    broken = error;
  } finally {
    ended();
  }
  await database.close();
  return {
    ...{ seed, steps: timeline.steps(), requests: model.requests.size },
    ...{ story: story.lines(), decisions: story.decisions(), writes: calls.writes() },
    ...(broken ? { broken: { promise: broken.promise, words: broken.message } } : {}),
  };
}

async function rest(scene: Scene): Promise<void> {
  const { timeline, database, calls, model } = scene;
  const end = timeline.now() + restMax;
  const foundBy = timeline.now() + foundMax;
  while (timeline.now() < end) {
    const [unseen] = timeline.now() < foundBy ? [] : model.unseen();
    if (unseen) throw new BrokenPromise('found once', `nobody sees that what ${unseen.id} has made is gone`);
    await liveUntil(scene, timeline.now() + minuteMs);
    const isQuiet =
      calls.inFlight() === 0 &&
      !scene.isWatched() &&
      timeline.nextFixed() === undefined &&
      (await database.store.nextDueAt()) === undefined &&
      (await database.store.nextOutboxAt()) === undefined;
    if (isQuiet) return;
  }
}

/**
 * Machines sleep through what nobody waits for: their looks at the store every few seconds would be most of a run. They
 * wake in time to hear the next thing coming.
 */
async function liveUntil(scene: Scene, end: number): Promise<void> {
  const { timeline, database, calls } = scene;
  let lookedAt = 0;
  for (let next = timeline.next(); next !== undefined && next <= end; next = timeline.next()) {
    if (calls.inFlight() === 0 && next > lookedAt + lookEvery && !scene.isWatched()) {
      lookedAt = next;
      const { store } = database;
      const soonest = [timeline.nextFixed(), await store.nextDueAt(), await store.nextOutboxAt(), end];
      const until = Math.min(...soonest.filter((at) => at !== undefined)) - wakeBefore;
      if (until > timeline.now() + worthIt) timeline.sleep(until);
    }
    await timeline.run(Math.max(next, timeline.now()));
  }
  timeline.sleep(end);
}

const lookEvery = 500;
const wakeBefore = 2 * secondMs;
const worthIt = 5 * secondMs;
