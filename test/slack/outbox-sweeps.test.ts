/** Cards are looked for by whoever speaks: soon after it became their turn, and now and then. */
import { expect, test } from 'vitest';
import { hourMs, secondMs } from '../../src/core/duration.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { createSweeps } from '../../src/slack/outbox-sweeps.ts';
import { quietLog } from '../stories/support.ts';

function sweeping(sweep: () => Promise<void>) {
  const clock = createWorldClock({ mode: 'still' });
  const at: number[] = [];
  const began = clock.now();
  const sweeps = createSweeps({
    ...{ scheduler: clock, log: quietLog, turn: () => async () => undefined, swept: () => undefined },
    sweep() {
      at.push((clock.now() - began) / secondMs);
      return sweep();
    },
  });
  return { clock, at, sweeps };
}

test('the first comes half a minute after the turn began, the next an hour after each, also after one that failed', async () => {
  const { clock, at, sweeps } = sweeping(() => Promise.reject(new Error('Slack is away')));
  await clock.advance(hourMs);
  sweeps.begin();
  await clock.advance(2 * hourMs);
  sweeps.end();
  await clock.advance(5 * hourMs);
  expect(at).toEqual([3_630, 7_230]);
});

test('a turn that begins while the last one still looks has a first one of its own', async () => {
  const slow = Promise.withResolvers<void>();
  const { clock, at, sweeps } = sweeping(() => slow.promise);
  sweeps.begin();
  await clock.advance(40 * secondMs);
  sweeps.end();
  sweeps.begin();
  slow.resolve();
  await sweeps.underWay();
  await clock.advance(hourMs);
  expect(at).toEqual([30, 70]);
});
