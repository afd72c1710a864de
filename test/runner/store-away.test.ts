/** A store that fails for a moment must not put the runner to sleep for ever. */
import { expect, test } from 'vitest';
import { minuteMs } from '../../src/core/duration.ts';
import { atOnce, dana, deskWorld } from '../desk/desk-world.ts';

test('a store that could not be asked once is asked again, though nobody wakes the runner', async () => {
  const world = await deskWorld(atOnce);
  let failures = 1;
  const store = {
    ...world.store,
    claimDue: (...asked: Parameters<typeof world.store.claimDue>) =>
      failures-- > 0 ? Promise.reject(new Error('SQLITE_BUSY')) : world.store.claimDue(...asked),
  };
  const id = await world.ask(dana);
  world.startRunner({ store, scheduler: world.clock });
  for (let turn = 0; turn < 20; turn++) {
    await world.clock.advance(minuteMs / 20);
    for (let step = 0; step < 25; step++) await new Promise(setImmediate);
  }
  expect((await world.request(id)).status).toBe('succeeded');
});
