/** More at once than can be decided before Slack gives up: all is written down and acknowledged first. */
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createRush } from '../../src/handlers/rush.ts';
import { openLightBot } from '../fuzz/light-bot.ts';

const never = new Promise<void>(() => undefined);

describe('a rush', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('begins with a hundred that wait for their acknowledgement, and lasts as long as Slack waits', async () => {
    const rush = createRush();
    const first = Promise.withResolvers<void>();
    rush.came(first.promise);
    for (let count = 2; count <= 99; count++) rush.came(never);
    expect(rush.isOn()).toBe(false);
    first.resolve();
    await first.promise;
    rush.came(never);
    expect(rush.isOn()).toBe(false);
    rush.came(never);
    expect(rush.isOn()).toBe(true);
    await vi.advanceTimersByTimeAsync(2_999);
    expect(rush.isOn()).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(rush.isOn()).toBe(false);
  });

  test('lets what is left be done when nothing comes any more', async () => {
    const rush = createRush();
    rush.came(never);
    const done = vi.fn(async () => 'done');
    const work = rush.afterwards(done);
    await vi.advanceTimersByTimeAsync(90);
    rush.came(never);
    await vi.advanceTimersByTimeAsync(90);
    expect(done).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(10);
    expect(await work).toBe('done');
  });

  test('lets it be done after three seconds also when there is no end of it', async () => {
    const rush = createRush();
    const done = vi.fn(async () => undefined);
    void rush.afterwards(done);
    for (let tick = 0; tick < 60; tick++) {
      expect(done).not.toHaveBeenCalled();
      rush.came(never);
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(done).toHaveBeenCalledTimes(1);
  });

  test('lets eight be done at once, and the next when one of them has failed', async () => {
    const rush = createRush();
    const begun: Array<PromiseWithResolvers<void>> = [];
    const works = Array.from({ length: 9 }, () =>
      rush.afterwards(() => {
        const work = Promise.withResolvers<void>();
        begun.push(work);
        return work.promise;
      }),
    );
    const ends = Promise.allSettled(works);
    await vi.advanceTimersByTimeAsync(100);
    expect(begun).toHaveLength(8);
    begun[0]?.reject(new Error('it failed'));
    await vi.advanceTimersByTimeAsync(0);
    expect(begun).toHaveLength(9);
    for (const { resolve } of begun) resolve();
    expect((await ends).filter(({ status }) => status === 'rejected')).toHaveLength(1);
  });
});

test('of a hundred commands at once each is acknowledged first, and told the verdict after it', async () => {
  const bot = await openLightBot();
  onTestFinished(() => bot.close());
  const told = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      bot.deliver({
        ...{ team_id: 'T0ACME', api_app_id: 'A0GREENLIGHT', channel_id: 'C0REQUESTS' },
        ...{ user_id: index % 2 === 0 ? 'U0DANA' : 'U0SAM', trigger_id: `rush ${index}` },
        ...{ command: '/lock', text: `payments staging for 2h --reason "one of a hundred"` },
      }),
    ),
  );
  expect(told.map(({ acks }) => acks)).toEqual(told.map(() => [undefined]));
  const words = JSON.stringify(told.flatMap(({ said }) => said));
  for (let number = 1; number <= 100; number++) expect(words).toContain(`*REQ-${number}* `);
  expect(bot.wrongInLog()).toBeUndefined();
});
