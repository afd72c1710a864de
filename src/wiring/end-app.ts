/**
 * How the bot ends: what in which order, and how long each may take. Whatever is opened says here what ends it, so that a
 * start which fails half-way ends just what there is by then.
 */

import { secondMs } from '../core/duration.ts';
import type { Log, Scheduler } from '../core/ports.ts';
import { endInOrder, type Stage } from './end-in-order.ts';

/** With the 5 s of preStop in deploy/greenlight.yml below the 30 s that Kubernetes gives a container to end. */
export const graceMs = 20 * secondMs;

/**
 * The stages in their order, each with its share of the time: handlers and steps in flight; the last cards, since what
 * those have changed at last is still to be seen; all else; the database. What is left then goes on elsewhere.
 */
const shares = { work: 0.6, cards: 0.25, parts: 0.1, store: 0.05 } as const;

export interface AppEnd {
  /** `name`: what the log calls it. What `end` resolves with is as in end-in-order.ts. */
  add(stage: keyof typeof shares, name: string, end: Stage['parts'][string]): void;
  /** Ends all that was added. Never throws. */
  run(withinMs: number): Promise<void>;
}

export function createAppEnd(tools: { readonly scheduler: Scheduler; readonly log: Log }): AppEnd {
  const parts: Record<keyof typeof shares, Record<string, Stage['parts'][string]>> = {
    work: {},
    cards: {},
    parts: {},
    store: {},
  };
  return {
    add(stage, name, end) {
      parts[stage][name] = end;
    },
    async run(withinMs) {
      const stages = (Object.keys(shares) as (keyof typeof shares)[]).map((stage) => ({
        withinMs: withinMs * shares[stage],
        parts: parts[stage],
      }));
      await endInOrder(stages, tools);
    },
  };
}
