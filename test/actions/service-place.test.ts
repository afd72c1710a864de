/** A change of a service is made, and taken back, where it was agreed to: the catalog may be edited while it runs. */
import { expect, test } from 'vitest';
import { agreedPlace } from '../../src/actions/service/place.ts';
import { catalog } from '../approvals/shipped.ts';
import { dana, value } from '../desk/desk-world.ts';
import { moveSearch, noteOf, running, world } from './deploy-world.ts';

const search = { service: 'search', environment: 'staging' };
const elsewhere = 'search-production';

test('a number of Pods goes back where it was set', async () => {
  const bench = await world();
  const wanted = async (namespace: string) => (await bench.hand.workload(namespace, 'search'))?.wanted;
  const [before, production] = [await wanted('search-staging'), await wanted(elsewhere)];
  bench.cluster.stallQuota('search-staging');
  const id = await bench.ask('service.scale', { ...search, replicas: 4 });
  await bench.until(id, running('settled'));
  expect(await wanted('search-staging')).toBe(4);
  moveSearch(bench, 'staging', elsewhere);
  value(await bench.desk.cancel(id, dana));
  const ended = await bench.finish(id);
  expect(ended).toMatchObject({ remains: [] });
  expect(noteOf(ended, 'scale')).toBe(`back to ${before}`);
  expect([await wanted('search-staging'), await wanted(elsewhere)]).toEqual([before, production]);
});

test('Pods that start anew are followed where they do', async () => {
  const bench = await world();
  bench.cluster.failNext('search-staging', 'search', 'imagepull');
  const id = await bench.ask('service.restart', search);
  await bench.until(id, running('rollout'));
  moveSearch(bench, 'staging', elsewhere);
  expect(await bench.finish(id)).toMatchObject({ status: 'failed' });
});

test.each([
  ['service.scale', { ...search, replicas: 4 }],
  ['service.restart', search],
  ['service.pause', search],
  ['service.resume', search],
])('an approval of %s is of one place', async (action, input) => {
  const bench = await world();
  const id = await bench.ask(action, input);
  const request = await bench.context.store.load(id);
  expect(request?.preview?.resolved).toMatchObject({ place: 'sandbox/search-staging/search' });
});

test('a request of an older version, which names no place of its own, goes by the catalog', () => {
  const asked = { ...search, scope: 'search' };
  const place = 'sandbox/search-elsewhere/search';
  const placeBy = (resolved: Record<string, string>) => agreedPlace(asked, { catalog, resolved }).namespace;
  expect(placeBy({ 'search place': place })).toBe('search-elsewhere');
  expect(placeBy({ place, 'other place': place })).toBe('search-staging');
});
