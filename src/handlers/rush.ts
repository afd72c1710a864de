/**
 * So much at once that the last is acknowledged in time only if nothing is done before it that can be done after it: then
 * requests are written down and acknowledged, and decided afterwards.
 */
import { createGate } from '../gate.ts';
import { maxOf } from '../slack/limits.ts';

export interface Rush {
  /** Something has come, which is acknowledged when `acked` resolves. */
  came(acked: Promise<unknown>): void;
  isOn(): boolean;
  /** Does it when nothing comes any more, or when Slack would not wait any longer for what comes; a few at once. */
  afterwards<Value>(work: () => Promise<Value>): Promise<Value>;
}

/** That many wait for their acknowledgement: to decide takes as long as writing down, 1 to 2 ms each. */
const from = 100;
/** What Slack sent at that moment may still wait to be taken: Node takes one connection a turn, in whatever it does. */
const lastsMs = maxOf('ackMs');
/** Nothing has come for so long: nothing more is on its way. */
const calmMs = 100;
/** What comes meanwhile is taken in between. */
const afterwardsAtOnce = 8;

export function createRush(): Rush {
  const gate = createGate(afterwardsAtOnce);
  let unacknowledged = 0;
  let until = 0;
  let lastCameAt = 0;

  async function calm(atLatest: number): Promise<void> {
    for (;;) {
      const now = performance.now();
      const waitMs = Math.min(atLatest, lastCameAt + calmMs) - now;
      if (waitMs <= 0) return;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  return {
    came(acked) {
      unacknowledged++;
      void acked.then(() => unacknowledged--);
      lastCameAt = performance.now();
      if (unacknowledged >= from) until = lastCameAt + lastsMs;
    },
    isOn: () => performance.now() < until,
    afterwards(work) {
      const atLatest = performance.now() + lastsMs;
      return gate(async () => {
        await calm(atLatest);
        return work();
      });
    },
  };
}
