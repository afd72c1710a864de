/** Rights in an environment follow the members of its team. */
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { driftOf } from '../../src/actions/environment/drift.ts';
import { livingRecord } from '../../src/actions/environment/known.ts';
import { teamBindingRef } from '../../src/core/team-binding.ts';
import { createLifeDesk } from '../../src/desk/life-desk.ts';
import { type Reconciler, startReconciler } from '../../src/reconciler/reconciler.ts';
import { type Bench, benchWorld, readingIn } from '../actions/bench-world.ts';
import { noAlarms } from '../desk/desk-world.ts';

let bench: Bench;
let reconciler: Reconciler;
const binding = teamBindingRef('env-pr-1');

beforeEach(async () => {
  bench = await benchWorld();
  const { context } = bench;
  reconciler = startReconciler({
    ...{ desk: createLifeDesk(context), clock: context.clock, scheduler: noAlarms, log: context.log },
    ...{ catalog: () => context.catalog(), cluster: context.outside.cluster },
  });
  onTestFinished(async () => {
    await reconciler.stop();
    await bench.close();
  });
  expect((await bench.finish(await bench.ask('environment.create', { name: 'pr-1' }))).status).toBe(
    'succeeded',
  );
});

function teamIs(...members: string[]) {
  const before = bench.context.catalog();
  const groups = { ...before.groups, checkout: { ...before.groups.checkout, members } };
  Object.assign(bench.context, { catalog: () => ({ ...before, groups }) });
}

async function subjects() {
  const found = await bench.hand.read(binding);
  return ((found?.subjects ?? []) as { name: string }[]).map(({ name }) => name);
}

async function drift() {
  const reading = readingIn(bench);
  return (await driftOf(await livingRecord('pr-1', reading), reading)).map(({ manifest }) => manifest.kind);
}

test('a leaver loses them within one look, and whoever came has them', async () => {
  teamIs('max@acme.example', 'lee@acme.example');
  expect(await drift()).toEqual([]);
  await reconciler.look();
  expect(await subjects()).toEqual(['lee@acme.example', 'max@acme.example']);
  expect(await drift()).toEqual([]);
});

test('what a hand has changed of them is told as such, and left to a repair', async () => {
  await bench.hand.merge(binding, {
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'eve@acme.example' }],
  });
  await reconciler.look();
  expect(await subjects()).toEqual(['eve@acme.example']);
  expect(await drift()).toEqual(['RoleBinding']);
});

test('nobody loses them because the catalog does not know the team', async () => {
  const before = bench.context.catalog();
  Object.assign(bench.context, { catalog: () => ({ ...before, groups: {} }) });
  await reconciler.look();
  expect(await subjects()).toEqual(['dana@acme.example']);
});
