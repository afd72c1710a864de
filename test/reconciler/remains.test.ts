/** What an environment has elsewhere does not outlive a namespace that somebody removed by hand. */
import { expect, onTestFinished, test } from 'vitest';
import { createLifeDesk } from '../../src/desk/life-desk.ts';
import { startReconciler } from '../../src/reconciler/reconciler.ts';
import { benchWorld } from '../actions/bench-world.ts';
import { noAlarms } from '../desk/desk-world.ts';

test('a lent place in a team is given back though somebody removed the namespace by hand', async () => {
  const bench = await benchWorld();
  const { context } = bench;
  const warned: string[] = [];
  const reconciler = startReconciler({
    desk: createLifeDesk(context),
    clock: context.clock,
    scheduler: noAlarms,
    log: { info: () => {}, error: () => {}, warn: (_fields, message) => void warned.push(message) },
    catalog: context.catalog,
    cluster: context.outside.cluster,
  });
  onTestFinished(async () => {
    await reconciler.stop();
    await bench.close();
  });
  const values = { repository: 'payments' };
  const wish = { name: 'lab', blueprint: 'complete', cpu: 4, memoryGi: 8, values };
  expect(await bench.finish(await bench.ask('environment.create', wish))).toMatchObject({
    status: 'succeeded',
  });
  const place = () => context.outside.forge.teamPlace('acme', 'payments', 'dana-fox');
  expect(await place()).toBe('member');

  await context.outside
    .cluster('sandbox')
    .remove({ apiVersion: 'v1', kind: 'Namespace', name: 'env-lab' }, {});
  await bench.clock.advance(30_000);
  await reconciler.look();
  await reconciler.look();
  const asked = await context.store.list({ action: 'environment.destroy', limit: 9 });
  expect(asked).toHaveLength(1);
  for (const { id } of asked) expect(await bench.finish(id)).toMatchObject({ status: 'succeeded' });
  expect(await place()).toBe('none');
  expect(await context.outside.forge.environment('acme/payments', 'lab')).toBeUndefined();
  expect(warned).toContain('an environment was removed by hand; the rest of it is removed now');
});
