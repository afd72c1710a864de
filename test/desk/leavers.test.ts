/** A deactivated account wants nothing any more: what waits in its name is cancelled, what runs goes on. */
import { describe, expect, test } from 'vitest';
import { watchLeavers } from '../../src/background/watch-leavers.ts';
import { hourMs } from '../../src/core/duration.ts';
import {
  codeOf,
  type DeskWorld,
  dana,
  deskWorld,
  max,
  noAlarms,
  noting,
  onePerson,
  priya,
  sam,
  twoPeople,
} from './desk-world.ts';

function leaves({ outside }: DeskWorld, who: typeof dana): void {
  outside.people.set(who.id, { ...who, kind: 'deactivated' });
}

describe('when an account is deactivated', () => {
  test('what waits is cancelled, and says why', async () => {
    const world = await deskWorld();
    const [waiting, answered, others] = [
      await world.ask(dana, 'a'),
      await world.ask(dana, 'b'),
      await world.ask(max, 'c'),
    ];
    await world.review(answered, sam);
    await world.review(answered, priya);
    expect((await world.request(answered)).status).toBe('approved');
    leaves(world, dana);
    expect(await world.desk.lookAfterLeaver(dana.id)).toBe(2);
    for (const id of [waiting, answered]) {
      expect(await world.request(id)).toMatchObject({
        status: 'cancelled',
        cancelledBy: { id: 'system' },
        cancelledBecause: 'deactivated',
      });
    }
    expect((await world.request(others)).status).toBe('waiting');
    expect(await world.desk.lookAfterLeaver(dana.id)).toBe(0);
  });

  test('what is held for a window or a time is cancelled too', async () => {
    const world = await deskWorld();
    world.enforce(
      `
  - id: things
    on: thing.change
    hold: { window: always, because: not now }
  - id: otherwise
    on: thing.change
    allow: things change by themselves
`,
      'windows: { always: { weekly: { from: mon 00:00, to: sun 23:59 } } }\n',
    );
    const id = await world.ask(dana);
    expect((await world.request(id)).status).toBe('held');
    leaves(world, dana);
    expect(await world.desk.lookAfterLeaver(dana.id)).toBe(1);
    expect((await world.request(id)).status).toBe('cancelled');
  });

  test('what runs goes on to its end', async () => {
    const world = await deskWorld(onePerson);
    const done: string[] = [];
    let isOut = false;
    world.outside.steps = [
      noting(done, 'first', {
        do: async () =>
          isOut ? { state: 'done' } : { state: 'waiting', note: 'on its way', againInMs: hourMs },
      }),
      noting(done, 'second'),
    ];
    const id = await world.ask(dana);
    await world.review(id, sam);
    world.startRunner();
    await world.pass(1_000);
    expect((await world.request(id)).status).toBe('running');
    leaves(world, dana);
    expect(await world.desk.lookAfterLeaver(dana.id)).toBe(0);
    isOut = true;
    await world.pass(2 * hourMs);
    expect((await world.request(id)).status).toBe('succeeded');
    expect(done).toEqual(['do second']);
  });

  test('somebody who is there is not taken for one who left, and neither is anybody while Slack is away', async () => {
    const world = await deskWorld();
    const id = await world.ask(dana);
    expect(await world.desk.lookAfterLeaver(dana.id)).toBe(0);
    world.outside.people.set(dana.id, { ...dana, kind: 'guest' });
    expect(await world.desk.lookAfterLeavers()).toBe(0);
    world.outside.isDirectoryAway = true;
    await expect(world.desk.lookAfterLeaver(dana.id)).rejects.toThrow('Slack is away');
    expect(await world.desk.lookAfterLeavers()).toBe(0);
    expect((await world.request(id)).status).toBe('waiting');
  });

  test('an answer of theirs no longer counts when it is about to start', async () => {
    const world = await deskWorld(twoPeople);
    const id = await world.ask(dana);
    await world.review(id, sam);
    await world.review(id, priya);
    leaves(world, sam);
    world.startRunner();
    await world.pass(1_000);
    const { status, startedAt } = await world.request(id);
    expect({ status, startedAt }).toEqual({ status: 'waiting', startedAt: undefined });
    expect(codeOf(await world.review(id, max))).toBe('accepted');
    await world.pass(1_000);
    expect((await world.request(id)).status).toBe('succeeded');
  });
});

describe('a change that Slack told while nobody listened', () => {
  test('is found at the start and every day, for everybody at once', async () => {
    const world = await deskWorld();
    const ids = [await world.ask(dana, 'a'), await world.ask(max, 'b'), await world.ask(dana, 'c')];
    leaves(world, dana);
    world.outside.people.delete(max.id);
    const alarms: { afterMs: number; fire: () => void }[] = [];
    const watch = watchLeavers({
      scheduler: {
        after(afterMs, fire) {
          alarms.push({ afterMs, fire });
          return { cancel() {} };
        },
      },
      log: world.context.log,
      lookAfterLeavers: () => world.desk.lookAfterLeavers(),
    });
    await watch.look();
    for (const id of ids) expect((await world.request(id)).status).toBe('cancelled');
    expect(alarms.at(-1)?.afterMs).toBe(24 * hourMs);

    const late = await world.ask(priya, 'd');
    leaves(world, priya);
    alarms.at(-1)?.fire();
    await watch.stop();
    expect((await world.request(late)).status).toBe('cancelled');
  });

  test('is looked for no further by whoever leads no more', async () => {
    const world = await deskWorld();
    await world.ask(dana, 'a');
    await world.ask(max, 'b');
    const { directory } = world.context;
    const asked: string[] = [];
    const answered = Promise.withResolvers<void>();
    const slow: typeof directory = {
      ...directory,
      async person(id) {
        asked.push(id);
        await answered.promise;
        return await directory.person(id);
      },
    };
    Object.assign(world.context, { directory: slow });
    const watch = watchLeavers({
      ...{ scheduler: noAlarms, log: world.context.log },
      lookAfterLeavers: (isStopped) => world.desk.lookAfterLeavers(isStopped),
    });
    await expect.poll(() => asked).toHaveLength(1);
    const stopped = watch.stop();
    answered.resolve();
    await stopped;
    expect(asked).toHaveLength(1);
  });
});
