/** What an edit of the catalog or another request makes of a target while a request for it waits, by the shipped rules. */
import { expect, onTestFinished, test } from 'vitest';
import { catalog, shippedPolicy } from '../approvals/shipped.ts';
import { codeOf, dana, priya, sam, value } from '../desk/desk-world.ts';
import { benchWorld } from './bench-world.ts';

async function world() {
  const bench = await benchWorld();
  onTestFinished(() => bench.close());
  const everything = bench.context.policy();
  return {
    ...bench,
    enforceShipped: () => void Object.assign(bench.context, { policy: () => shippedPolicy }),
    allowEverything: () => void Object.assign(bench.context, { policy: () => everything }),
  };
}

const place = { service: 'payments', environment: 'staging' };

/** `payments` in staging has become another team's production. */
function catalogMoved() {
  const { payments } = catalog.services;
  const { staging } = payments?.environments ?? {};
  if (!payments || !staging) throw new Error('there is no such place');
  const environments = { ...payments.environments, staging: { ...staging, tier: 'production' as const } };
  return {
    ...catalog,
    services: { ...catalog.services, payments: { ...payments, owners: ['checkout'], environments } },
  };
}

test('a deploy that queued for staging does not run in what has become production meanwhile', async () => {
  const bench = await world();
  await bench.finish(await bench.ask('lock.take', { ...place, reason: 'incident' }, sam));
  bench.enforceShipped();
  const id = await bench.ask('deploy', { ...place, version: 'v1.4.2' }, priya);
  const queued = await bench.until(id, ({ queue }) => queue !== undefined);
  expect(queued).toMatchObject({ status: 'approved', target: { tier: 'staging' } });
  const moved = catalogMoved();
  Object.assign(bench.context, { catalog: () => moved });
  await bench.ask('lock.release', place, sam);
  const asked = await bench.until(id, ({ queue }) => queue === undefined);
  expect(asked).toMatchObject({ status: 'waiting', target: { tier: 'production', team: 'checkout' } });
  expect(asked.requirements.map(({ count }) => count)).toEqual([2, 1]);
  expect(asked.startedAt).toBeUndefined();
});

test('an environment that was handed over is destroyed by a yes of its new team, and of nobody before', async () => {
  const bench = await world();
  await bench.finish(await bench.ask('environment.create', { name: 'pr-1', ttl: '2d' }));
  bench.enforceShipped();
  const id = await bench.ask('environment.destroy', { name: 'pr-1' }, sam);
  const asked = await bench.until(id, ({ status }) => status === 'waiting');
  expect(asked.requirements).toMatchObject([{ from: ['checkout'] }]);
  bench.allowEverything();
  await bench.finish(await bench.ask('environment.handover', { name: 'pr-1', team: 'payments' }));
  bench.enforceShipped();
  const yes = { id, decision: 'approve', by: dana, digest: asked.digest ?? '' } as const;
  expect(codeOf(await bench.desk.review(yes))).toBe('out_of_date');
  const again = await bench.until(id, ({ version }) => version > asked.version);
  expect(again).toMatchObject({ status: 'waiting', requirements: [{ from: ['payments'] }] });
  value(await bench.desk.review({ ...yes, by: priya, digest: again.digest ?? '' }));
  expect((await bench.finish(id)).status).toBe('succeeded');
});
