/**
 * The only time there is: one queue of what happens when. One thing happens at a time and runs to its end, with all that
 * follows from it at once, before the next is chosen; of what is due at the same moment the seed says what is first. So a
 * seed replays exactly, also over a database that answers in its own time.
 */
import type { Moment } from '../../src/core/ids.ts';
import { drawOf } from './chance.ts';

export interface Timeline {
  now(): Moment;
  after(delayMs: number, happen: () => void | Promise<void>): { cancel(): void };
  /** The same for what was decided beforehand: time is never let pass over it. */
  at(moment: Moment, happen: () => void | Promise<void>): void;
  nextFixed(): Moment | undefined;
  /** All machines sleep until then: what falls due meanwhile happens late. */
  sleep(until: Moment): void;
  /** Lets things happen until the queue is empty or the next is later than `until`; time is `until` then. */
  run(until: Moment): Promise<void>;
  /** When the next thing happens. */
  next(): Moment | undefined;
  /** How much has happened. */
  steps(): number;
}

interface Happening {
  readonly at: Moment;
  readonly tie: number;
  happen: (() => void | Promise<void>) | undefined;
}

export function createTimeline(
  seed: number,
  startAt: Moment,
  /** After every step; what it throws ends the run. */
  check: () => void,
): Timeline {
  const heap: Happening[] = [];
  const fixed = new Set<Moment>();
  let now = startAt;
  let made = 0;
  let done = 0;

  function push(one: Happening): void {
    let index = heap.push(one) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Happening;
      if (!isBefore(one, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = one;
  }

  function pop(): Happening | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || first === last) return first;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      const right = heap[child + 1];
      if (child >= heap.length) break;
      if (right && isBefore(right, heap[child] as Happening)) child++;
      const below = heap[child] as Happening;
      if (!isBefore(below, last)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
    return first;
  }

  return {
    now: () => now,
    steps: () => done,
    at(moment, happen) {
      fixed.add(moment);
      this.after(moment - now, happen);
    },
    nextFixed() {
      for (const moment of fixed) if (moment <= now) fixed.delete(moment);
      return fixed.size === 0 ? undefined : Math.min(...fixed);
    },
    sleep(until) {
      now = Math.max(now, until);
    },
    after(delayMs, happen) {
      const one: Happening = {
        at: now + Math.max(0, Math.ceil(delayMs)),
        tie: drawOf(seed, `tie ${made++}`),
        happen,
      };
      push(one);
      return {
        cancel() {
          one.happen = undefined;
        },
      };
    },
    next() {
      while (heap[0] && !heap[0].happen) pop();
      return heap[0]?.at;
    },
    async run(until) {
      for (let at = this.next(); at !== undefined && at <= until; at = this.next()) {
        const { happen } = pop() as Happening;
        now = Math.max(now, at);
        done += 1;
        await happen?.();
        // All that follows from it at once are microtasks: they are done when this turn comes.
        await turn();
        check();
      }
      now = Math.max(now, until);
    },
  };
}

function isBefore(one: Happening, other: Happening): boolean {
  return one.at < other.at || (one.at === other.at && one.tie < other.tie);
}

const turn = () => new Promise<void>((resolve) => process.nextTick(resolve));
