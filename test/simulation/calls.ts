/**
 * The way of a call from one life of a replica to where it takes effect, and of its answer back. On the way it may be
 * refused, lost, late; and before or after any write its process may be killed. Whatever the dead have still to do is dropped.
 */
import { secondMs } from '../../src/core/duration.ts';
import type { Moment } from '../../src/core/ids.ts';
import type { Scheduler } from '../../src/core/ports.ts';
import { drawOf } from './chance.ts';
import type { Plan, Port } from './plan.ts';
import type { Story } from './story.ts';
import type { Timeline } from './timeline.ts';

/** One process, from its start to its end. */
export interface Life {
  /** `B2`: the second life of the second replica. */
  readonly name: string;
  isAlive(): boolean;
  /** It is gone from this moment on: nothing that it waits for arrives. */
  kill(): void;
  readonly scheduler: Scheduler;
  /** Hands something over to it after so long, unless it is dead then; `came`: it was there, whoever was dead. */
  deliver(delayMs: number, hand: () => void, came?: () => void): { cancel(): void };
  /** It stands still until then. */
  pause(until: Moment): void;
}

export interface Call<Value> {
  readonly port: Port;
  /** What it does, with what it is about: "append REQ-1". */
  readonly what: string;
  readonly isWrite: boolean;
  /** Takes effect, and gives the answer. */
  work(): Value | Promise<Value>;
  /** What whoever called gets to see when it fails. */
  failure(): Error;
}

export interface Calls {
  live(name: string, died: () => void): Life;
  make<Value>(life: Life, call: Call<Value>): Promise<Value>;
  inFlight(): number;
  /** The names of all writes that a life has asked for, in order. */
  writes(): readonly string[];
  /** From now on everything works. */
  heal(): void;
}

export interface CallsOptions {
  readonly plan: Plan;
  readonly timeline: Timeline;
  readonly story: Story;
  /** Decisions that are left out of this run, by name. */
  readonly without: ReadonlySet<string>;
  /** Every call is told, too. */
  readonly isTraced: boolean;
  /** Where a process is killed whatever the weather. */
  readonly killAt: KillAt | undefined;
}

/** Before or after one write of a run, by its name in `writes`. */
export interface KillAt {
  readonly write: string;
  readonly when: 'before' | 'after';
}

/** The decision's name in the story. */
export function killName({ write, when }: KillAt): string {
  return `${write} kills ${when}`;
}

/** A replica that is killed all the time never gets anything done. */
const killsMax = 8;

export function createCalls(options: CallsOptions): Calls {
  const { plan, timeline, story, without, isTraced, killAt } = options;
  const { seed, weather } = plan;
  const begin = timeline.now();
  const numbers = new Map<string, number>();
  const writes: string[] = [];
  let isHealed = false;
  let killed = 0;
  let inFlight = 0;

  /** Whether it comes to this: a decision with a name of its own, told in the story. */
  function decides(name: string, probability: number, words: string): boolean {
    if (isHealed || probability === 0 || drawOf(seed, name) >= probability || without.has(name)) return false;
    story.fault(timeline.now(), name, words);
    return true;
  }

  function kills(write: string, when: KillAt['when'], words: string): boolean {
    const name = killName({ write, when });
    if (killAt?.write === write && killAt.when === when) story.fault(timeline.now(), name, words);
    else if (killed >= killsMax || !decides(name, weather.killed, words)) return false;
    killed += 1;
    return true;
  }

  function numbered(name: string): string {
    const number = (numbers.get(name) ?? 0) + 1;
    numbers.set(name, number);
    return `${name} #${number}`;
  }

  function latency(name: string, port: Port): number {
    const draw = drawOf(seed, `${name} takes`);
    const isSlow = !isHealed && drawOf(seed, `${name} is slow`) < weather.slow;
    if (port === 'store') return isSlow ? draw * 2 * secondMs : draw * 4;
    return isSlow ? draw * 8 * secondMs : 10 + draw * 300;
  }

  function isAway(port: Port): string | undefined {
    const passed = timeline.now() - begin;
    return plan.outages.find(
      (one) =>
        !isHealed &&
        one.port === port &&
        one.fromMs <= passed &&
        passed < one.untilMs &&
        !without.has(one.name),
    )?.name;
  }

  return {
    inFlight: () => inFlight,
    writes: () => writes,
    heal() {
      isHealed = true;
    },

    live(name, died) {
      let isAlive = true;
      let standsUntil = 0;
      const life: Life = {
        name,
        isAlive: () => isAlive,
        kill() {
          if (!isAlive) return;
          isAlive = false;
          died();
        },
        deliver(delayMs, hand, came) {
          let waiting = timeline.after(delayMs, () => {
            came?.();
            arrive();
          });
          function arrive() {
            if (!isAlive) return;
            if (timeline.now() < standsUntil) waiting = timeline.after(standsUntil - timeline.now(), arrive);
            else hand();
          }
          return { cancel: () => waiting.cancel() };
        },
        scheduler: { after: (delayMs, fire) => life.deliver(delayMs, fire) },
        pause(until) {
          standsUntil = until;
        },
      };
      return life;
    },

    make(life, call) {
      // Whoever was killed has no next call, and gets no answer.
      if (!life.isAlive()) return new Promise(() => undefined);
      const { port, what } = call;
      const name = numbered(`${life.name} ${port} ${what}`);
      if (call.isWrite) writes.push(name);
      if (call.isWrite && kills(name, 'before', `${life.name} is killed before: ${what}`)) {
        life.kill();
        return new Promise(() => undefined);
      }
      inFlight += 1;
      return new Promise((resolve, reject) => {
        const end = () => {
          inFlight -= 1;
        };
        const answer = (hand: () => void) => life.deliver(latency(`${name} back`, port), hand, end);
        timeline.after(latency(name, port), async () => {
          // What had not left the process when it was killed never does.
          if (!life.isAlive() && drawOf(seed, `${name} left`) < 0.5) return end();
          const outage = isAway(port);
          if (outage !== undefined) story.fault(timeline.now(), outage, outage);
          if (isTraced) story.note(timeline.now(), `. ${life.name} ${port} ${what}`);
          if (outage || decides(`${name} refused`, weather.refused[port], `${life.name}: ${what} fails`)) {
            answer(() => reject(call.failure()));
            return;
          }
          let hand: () => void;
          try {
            const value = await call.work();
            hand = () => resolve(value);
          } catch (error) {
            hand = () => reject(error);
          }
          if (call.isWrite && kills(name, 'after', `${life.name} is killed after: ${what}`)) {
            life.kill();
            return end();
          }
          if (decides(`${name} lost`, weather.lost[port], `${life.name}: ${what} is done, its answer lost`)) {
            answer(() => reject(call.failure()));
            return;
          }
          if (decides(`${name} pauses`, weather.paused, `${life.name} stands still after: ${what}`)) {
            life.pause(timeline.now() + (20 + drawOf(seed, `${name} stands`) * 60) * secondMs);
          }
          answer(hand);
        });
      });
    },
  };
}
