/** Thousands wait after a rush: who is next must not cost a look at each of them. */
import { expect, test } from 'vitest';
import { secondMs } from '../../src/core/duration.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { createQueues } from '../../src/slack/outbox-queues.ts';
import { createPace } from '../../src/slack/pace.ts';
import { monday } from '../store/example-requests.ts';

test('of thousands that wait a few are looked at for each that goes', async () => {
  const clock = createWorldClock({ mode: 'still', startAt: monday });
  let looks = 0;
  const delivered: number[] = [];
  const queues = createQueues({
    ...{ pace: createPace(clock), clock, scheduler: clock },
    isOurTurn: () => true,
    async deliver(entry, turns) {
      await turns.turn(entry.call);
      delivered.push(entry.item.id);
    },
    delivered: () => queues.advance(),
  });
  for (let id = 1; id <= 3_000; id++) {
    const item = { id, requestId: requestIdOf(id), attempts: 0, isByTime: id % 2 === 0 };
    queues.add({
      get item() {
        looks++;
        return item;
      },
      call: { method: 'chat.update', channel: 'C1' },
      isLeft: false,
      cardWasTried: false,
    });
  }
  looks = 0;
  queues.advance();
  for (let second = 0; second < 30; second++) {
    await new Promise(setImmediate);
    await clock.advance(secondMs);
  }
  expect(delivered.slice(0, 5)).toEqual([1, 3, 5, 2, 7]);
  expect(delivered.length).toBeGreaterThan(20);
  expect(looks / delivered.length).toBeLessThan(20);
});
