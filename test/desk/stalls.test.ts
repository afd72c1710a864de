/** Something outside does not answer before the first step: said once, told when it goes on, and ended in time. */
import { expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs, secondMs } from '../../src/core/duration.ts';
import { ProblemError } from '../../src/core/problem.ts';
import { atOnce, away, type DeskWorld, dana, deskWorld, onePerson, sam, value } from './desk-world.ts';

const count = async (world: DeskWorld, id: Parameters<DeskWorld['types']>[0], type: string) =>
  (await world.types(id)).filter((one) => one === type).length;

async function approvedButAway() {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  world.outside.previewProblem = away;
  world.startRunner();
  return { world, id };
}

test('a blip of half a minute is not worth a word', async () => {
  const { world, id } = await approvedButAway();
  await world.pass(30 * secondMs);
  world.outside.previewProblem = undefined;
  await world.pass(minuteMs);
  expect((await world.request(id)).status).toBe('succeeded');
  expect(await world.types(id)).not.toContain('stalled');
});

test('what is approved and cannot start is told once after a minute, and once more when it goes on', async () => {
  const { world, id } = await approvedButAway();
  await world.pass(2 * minuteMs);
  expect(await world.request(id)).toMatchObject({
    status: 'approved',
    stall: { problem: { sentence: 'GitHub is away.' } },
  });
  await world.pass(3 * hourMs);
  expect(await count(world, id, 'stalled')).toBe(1);
  world.outside.previewProblem = undefined;
  await world.pass(6 * minuteMs);
  const ended = await world.request(id);
  expect(ended.status).toBe('succeeded');
  expect(ended).not.toHaveProperty('stall');
  expect(await count(world, id, 'resumed')).toBe(1);
  expect(await world.notices(id)).toEqual(['stalled', 'resumed', 'ended']);
});

test('it is tried less and less often, and never more than five minutes late', async () => {
  const { world, id } = await approvedButAway();
  const thing = world.outside.actions.get('thing.change');
  const tries: number[] = [];
  if (thing?.effect === 'read' || !thing) throw new Error('no thing');
  world.outside.actions.set('thing.change', {
    ...thing,
    preview: async () => {
      tries.push(world.clock.now());
      throw new ProblemError(away);
    },
  });
  await world.pass(2 * hourMs);
  const gaps = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
  expect(gaps[0]).toBe(15 * secondMs);
  expect(gaps.at(-1)).toBe(5 * minuteMs);
  expect(tries.length).toBeLessThan(40);
  expect((await world.request(id)).status).toBe('approved');
});

test('what people agreed to is given up when it is as old as an unanswered request may be', async () => {
  const { world, id } = await approvedButAway();
  await world.pass(dayMs + 10 * minuteMs);
  expect(await world.request(id)).toMatchObject({
    status: 'failed',
    problem: {
      code: 'outside_unavailable',
      sentence: expect.stringMatching(
        /^GitHub is away\. REQ-1 could not begin for 1d.*nothing was changed\.$/,
      ),
      next: 'Ask again once that answers.',
    },
    remains: [],
  });
  expect(await world.notices(id)).toEqual(['stalled', 'ended']);
  expect(world.logged).toContain('given up: the outside stayed away');
});

test('a shorter time of the policy to answer ends it sooner', async () => {
  const world = await deskWorld(
    onePerson
      .replace('because: one', 'expires_after: 2h, because: one')
      .replace('because: two people', 'expires_after: 2h, because: two people'),
  );
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  world.outside.previewProblem = away;
  world.startRunner();
  await world.pass(hourMs);
  expect((await world.request(id)).status).toBe('approved');
  await world.pass(hourMs + 10 * minuteMs);
  expect((await world.request(id)).status).toBe('failed');
});

test('what is on hold and cannot be judged when its window is over is told as well', async () => {
  const world = await deskWorld(atOnce);
  const quiet = 'windows: { quiet: { zone: Europe/Berlin, weekly: { from: wed 09:00, to: wed 11:00 } } }\n';
  world.enforce(
    `${atOnce}
  - id: quiet
    on: thing.change
    hold: { window: quiet, because: a quiet morning }
`,
    quiet,
  );
  const id = await world.ask(dana);
  expect((await world.request(id)).status).toBe('held');
  world.outside.previewProblem = away;
  world.startRunner();
  await world.pass(hourMs + 5 * minuteMs);
  expect(await world.request(id)).toMatchObject({ status: 'held', stall: {} });
  world.outside.previewProblem = undefined;
  await world.pass(10 * minuteMs);
  expect(await world.notices(id)).toEqual(['stalled', 'resumed', 'ended']);
});

test('a restart neither forgets that it was told nor tells it anew', async () => {
  const { world, id } = await approvedButAway();
  await world.pass(2 * minuteMs);
  world.startRunner();
  await world.pass(hourMs);
  expect(await count(world, id, 'stalled')).toBe(1);
});

test('its requester may take it back meanwhile', async () => {
  const { world, id } = await approvedButAway();
  await world.pass(2 * minuteMs);
  const cancelled = value(await world.desk.cancel(id, dana));
  expect(cancelled.status).toBe('cancelled');
  expect(cancelled).not.toHaveProperty('stall');
});

test('whoever asked hears after a minute that the guardrails could not look at it yet', async () => {
  const world = await deskWorld(onePerson);
  world.outside.previewProblem = away;
  const { id } = value(
    await world.desk.submit({
      ...{ key: 'k', action: 'thing.change', input: { name: 'it' }, requester: dana },
      origin: { surface: 'command' },
    }),
  );
  world.startRunner();
  await world.pass(2 * minuteMs);
  expect(await world.request(id)).toMatchObject({ status: 'submitted', isShown: true });
  world.outside.previewProblem = undefined;
  await world.pass(3 * minuteMs);
  expect((await world.request(id)).status).toBe('waiting');
  expect((await world.notices(id)).slice(0, 2)).toEqual(['stalled', 'resumed']);
});
