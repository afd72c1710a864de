/** Rights in an environment follow the members of its team. */
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { driftOf } from '../../src/actions/environment/drift.ts';
import { livingRecord } from '../../src/actions/environment/known.ts';
import { leaderTasks } from '../../src/background/leader-tasks.ts';
import { minuteMs } from '../../src/core/duration.ts';
import type { GroupSource } from '../../src/core/groups.ts';
import { teamBindingRef } from '../../src/core/team-binding.ts';
import { createLifeDesk } from '../../src/desk/life-desk.ts';
import { keepMembers } from '../../src/groups/keep-members.ts';
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

/** The catalog as it is in force when it only names a Slack user group for the team. */
async function teamIsAsSlackSays(source: GroupSource) {
  const { context, clock } = bench;
  const before = context.catalog();
  const checkout = { title: 'Checkout', slack: '@checkout', members: ['max@acme.example'] };
  const asWritten = { ...before, groups: { ...before.groups, checkout } };
  const kept = keepMembers({
    ...{ catalog: () => asWritten, clock, scheduler: noAlarms, log: context.log },
    sources: { slack: source, github: source, onCall: source },
  });
  await kept.look();
  Object.assign(context, { catalog: kept.catalog });
}

test('nobody loses them, and nobody gets them, while nobody knows who is in the team', async () => {
  await teamIsAsSlackSays({ members: () => Promise.reject(new Error('Slack is away')) });
  await reconciler.look();
  expect(await subjects()).toEqual(['dana@acme.example']);
});

test('they follow whoever is in the team now, not only those whom the catalog names', async () => {
  await teamIsAsSlackSays({ members: async () => ['dana@acme.example'] });
  const { context, desk, clock } = bench;
  const tasks = leaderTasks({
    ...{ context, desk, scheduler: clock },
    watches: { carry: () => ({ stop: async () => undefined }) },
    clicks: { keeper: { hold() {} }, isReady: () => false, resume: async () => undefined },
  }).map((begin) => begin());
  onTestFinished(async () => {
    for (const task of tasks) await task.stop();
  });
  await clock.advance(minuteMs);
  await expect.poll(subjects).toEqual(['dana@acme.example', 'max@acme.example']);
});
