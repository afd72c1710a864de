import { expect, test } from 'vitest';
import { dana, deskWorld } from './desk-world.ts';

test('ten thousand services are offered by what somebody types, misspelt or not', async () => {
  const { desk, outside } = await deskWorld();
  const [payments] = Object.values(outside.catalog.services);
  if (!payments) throw new Error('the shipped catalog has no service');
  const many = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [
      `service-${index}`,
      { ...payments, title: `Number ${index}` },
    ]),
  );
  outside.catalog = { ...outside.catalog, services: { ...many, ledger: { ...payments, title: 'Ledger' } } };
  const offered = async (typed?: string) =>
    (await desk.choices('services', dana, {}, typed)).map((choice) => choice.value);
  expect(await offered('legder')).toEqual(['ledger']);
  expect((await offered('number 77'))[0]).toBe('service-77');
  expect((await offered()).length).toBeGreaterThan(100);
});

test('short lists are found by what is typed too', async () => {
  const { desk } = await deskWorld();
  expect(await desk.choices('serviceEnvironments', dana, { service: 'payments' }, 'prodution')).toEqual([
    { value: 'production', label: 'production' },
  ]);
  expect(await desk.choices('serviceEnvironments', dana, { service: 'payments' }, 'nowhere')).toEqual([]);
});
