/** A night ends when it ends, however late its request is carried out. */
import { expect, test } from 'vitest';
import { hourMs } from '../../src/core/duration.ts';
import { createLifeDesk } from '../../src/desk/life-desk.ts';
import { dana, value } from '../desk/desk-world.ts';
import { lifeWorld, name } from './life-world.ts';

const night = { name, for: `${(11 * hourMs) / 1000}s` };

/** Asked for as the reconciler does; whoever is to carry it out is there only after so long. */
async function nightCarriedOutAfter(hours: number) {
  const world = await lifeWorld();
  const { bench } = world;
  await world.make();
  const before = await world.numbers();
  const endsAt = bench.clock.now() + 11 * hourMs;
  const { id } = value(await createLifeDesk(bench.context).ask('night', 'environment.sleep', night));
  await bench.clock.advance(hours * hourMs);
  const request = await bench.finish(id);
  return { world, before, endsAt, request };
}

test('a night that is carried out late ends with the night', async () => {
  const { world, endsAt, request } = await nightCarriedOutAfter(3);
  expect(request.status).toBe('succeeded');
  expect((await world.made()).life?.sleep).toMatchObject({ wakesAt: endsAt });
  expect(await world.numbers()).toMatchObject({ web: 0 });
});

test('one that is over before it is carried out changes nothing', async () => {
  const { world, before, request } = await nightCarriedOutAfter(13);
  expect(request.status).toBe('succeeded');
  expect(request.outputs?.notes).toEqual([`${name} stays awake: the night is over.`]);
  expect((await world.made()).life?.sleep).toBeUndefined();
  expect(await world.numbers()).toEqual(before);
});

test('what a person asks for is as long as they said, from when it begins', async () => {
  const world = await lifeWorld();
  const { bench } = world;
  await world.make();
  const id = await bench.ask('environment.sleep', night, dana);
  await bench.clock.advance(3 * hourMs);
  const beganAt = bench.clock.now();
  expect((await bench.finish(id)).status).toBe('succeeded');
  expect((await world.made()).life?.sleep?.wakesAt).toBeGreaterThanOrEqual(beganAt + 11 * hourMs);
});
