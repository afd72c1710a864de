/** How a lock changes hands: given to a colleague, or taken away. */
import { describe, expect, test } from 'vitest';
import type { ChangeAction } from '../../src/core/action.ts';
import { minuteMs } from '../../src/core/duration.ts';
import type { RequestId } from '../../src/core/ids.ts';
import { ProblemError, problem } from '../../src/core/problem.ts';
import { away, dana, max, priya, sam } from './desk-world.ts';
import { type LockWorld, lockWorld, place } from './lock-world.ts';

describe('handing over', () => {
  test('makes it a colleague’s without a moment in between, and tells them', async () => {
    const world = await lockWorld();
    world.startRunner();
    const lock = await world.lock(sam);
    const waiting = await world.order('thing.change', { name: 'it' }, dana);
    const theirs = await world.order('thing.change', { name: 'it' }, priya);
    await world.pass(0);
    await world.order('lock.handover', { ...place, to: '@U0PRIYA' }, sam);
    await world.pass(0);
    expect((await world.store.locks()).held).toMatchObject([
      { requestId: lock.id, holder: { id: priya.id }, fence: lock.lock?.fence },
    ]);
    expect(await world.status(theirs)).toBe('succeeded');
    expect(await world.status(waiting)).toBe('approved');
    expect(await world.notices(lock.id)).toContain('lock_handed_over');
    const back = await world.order('lock.release', place, sam);
    expect(await world.request(back)).toMatchObject({ status: 'failed', problem: { code: 'not_yours' } });
  });

  test('goes to members only', async () => {
    const world = await lockWorld();
    world.startRunner();
    await world.lock(sam);
    world.outside.people.set(dana.id, { ...dana, kind: 'guest' });
    for (const to of ['@U0DANA', 'dana@acme.example', 'nobody@acme.example', '@here', 'sam@acme.example']) {
      const id = await world.order('lock.handover', { ...place, to }, sam);
      expect(await world.request(id), to).toMatchObject({ status: 'failed', problem: { code: 'bad_input' } });
    }
  });
});

/** Priya takes her theft back while its step is under way. */
function cancelInStep(world: LockWorld, cancelled: (isCancelled: boolean) => void): void {
  const steal = world.outside.actions.get('lock.steal') as ChangeAction;
  const steps: ChangeAction['steps'] = (input, catalog) =>
    steal.steps(input, catalog).map((step) => ({
      ...step,
      async do(asked, context) {
        cancelled((await world.desk.cancel(context.request.id, priya)).ok);
        return step.do(asked, context);
      },
    }));
  world.outside.actions.set('lock.steal', { ...steal, steps });
}

describe('stealing', () => {
  test('takes it from whom was named, tells them, and goes before those who wait', async () => {
    const world = await lockWorld();
    world.startRunner();
    const lock = await world.lock(sam);
    const waiting = await world.order('thing.change', { name: 'it' }, dana);
    await world.pass(0);
    const steal = await world.order('lock.steal', { ...place, from: lock.id, reason: 'Sam is away' }, priya);
    await world.pass(0);
    const stolen = await world.request(steal);
    expect(stolen.status).toBe('succeeded');
    expect((await world.store.locks()).held).toMatchObject([{ requestId: steal, holder: { id: priya.id } }]);
    expect(stolen.lock?.fence).toBeGreaterThan(lock.lock?.fence ?? 0);
    expect(await world.request(lock.id)).toMatchObject({
      lock: { end: { how: 'stolen', by: { id: priya.id } } },
    });
    expect(await world.notices(lock.id)).toContain('lock_ended');
    expect(await world.behind(waiting)).toEqual([steal]);
  });

  test('without saying from whom is no request', async () => {
    const world = await lockWorld();
    world.startRunner();
    await world.lock(sam);
    const ask = {
      ...{ key: 'k', action: 'lock.steal', requester: priya, origin: { surface: 'command' as const } },
      input: { ...place, reason: 'just so' },
    };
    expect(await world.desk.submit(ask)).toMatchObject({ ok: false, problem: { code: 'bad_input' } });
  });

  test('from one who has handed it over or let it go meanwhile takes nothing', async () => {
    const world = await lockWorld();
    world.startRunner();
    const lock = await world.lock(sam);
    await world.order('lock.release', place, sam);
    await world.pass(0);
    const other = await world.lock(max);
    const steal = await world.order('lock.steal', { ...place, from: lock.id, reason: 'late' }, priya);
    expect(await world.request(steal)).toMatchObject({ status: 'failed', problem: { code: 'out_of_date' } });
    expect((await world.store.locks()).held).toMatchObject([{ requestId: other.id }]);
  });

  test('from a run stops it before its next step, and takes back what it did', async () => {
    const world = await lockWorld();
    world.startRunner();
    const { did } = world.gate();
    const run = await world.order('thing.change', { name: 'it' }, dana);
    await world.pass(0);
    const steal = await world.order('lock.steal', { ...place, from: run, reason: 'it goes wrong' }, sam);
    await world.pass(3_000);
    expect(await world.status(steal)).toBe('succeeded');
    expect(did).toEqual([run, `undo ${run}`]);
    const ended = await world.request(run);
    expect(ended).toMatchObject({ status: 'failed', problem: { code: 'lock_lost' } });
    expect(ended.problem?.sentence).toContain('held by Sam now: it goes wrong');
    expect((await world.store.locks()).held).toMatchObject([{ requestId: steal }]);
  });

  test('from a run that waits for the outside stops it at once, not only when that is asked again', async () => {
    const world = await lockWorld();
    world.startRunner();
    const limited = { ...away, retryAfterMs: 40 * minuteMs };
    world.outside.steps = [
      { id: 'work', title: 'Work', do: () => Promise.reject(new ProblemError(limited)) },
    ];
    const run = await world.order('thing.change', { name: 'it' }, dana);
    await world.pass(0);
    await world.order('lock.steal', { ...place, from: run, reason: 'it hangs' }, sam);
    await world.pass(3_000);
    expect(await world.request(run)).toMatchObject({ status: 'failed', problem: { code: 'lock_lost' } });
  });

  test.each(['lock', 'run'])(
    'of a %s that is taken back has taken it all the same, and whoever had it hears of it',
    async (kind) => {
      const world = await lockWorld();
      world.startRunner();
      world.gate();
      const theirs =
        kind === 'lock'
          ? (await world.lock(dana)).id
          : await world.order('thing.change', { name: 'it' }, dana);
      await world.pass(0);
      const cancelled: boolean[] = [];
      cancelInStep(world, (isCancelled) => cancelled.push(isCancelled));
      const id = await world.order('lock.steal', { ...place, from: theirs, reason: 'away' }, priya);
      await world.pass(3_000);
      expect(cancelled).toEqual([true]);
      expect(await world.status(id)).toBe('cancelled');
      expect((await world.store.locks()).held).toEqual([]);
      const lost = await world.request(theirs);
      expect(lost.lock?.end).toMatchObject({ how: 'stolen', by: { id: priya.id } });
      if (kind === 'run') expect(lost).toMatchObject({ status: 'failed', problem: { code: 'lock_lost' } });
      else expect(await world.notices(theirs)).toContain('lock_ended');
    },
  );

  test('that is taken back ends also when the row of whoever had it cannot be read', async () => {
    const world = await lockWorld();
    world.startRunner();
    const theirs = (await world.lock(dana)).id;
    const { load } = world.store;
    let isDamaged = false;
    Object.assign(world.store, {
      load: async (id: RequestId) => {
        if (isDamaged && id === theirs)
          throw new ProblemError(problem('internal', 'It is damaged.', 'Run doctor.'));
        return load(id);
      },
    });
    cancelInStep(world, () => {
      isDamaged = true;
    });
    const id = await world.order('lock.steal', { ...place, from: theirs, reason: 'away' }, priya);
    await world.pass(minuteMs);
    expect(await world.status(id)).toBe('cancelled');
    expect((await world.store.locks()).held).toEqual([]);
  });
});
