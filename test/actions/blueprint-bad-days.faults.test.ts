// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are what is tested here.
/** What becomes of an environment on a bad day: a clear end, the cause by name, and nothing left behind. */
import { expect, onTestFinished, test } from 'vitest';
import type { Blueprint } from '../../src/core/blueprint.ts';
import { minuteMs } from '../../src/core/duration.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { catalog } from '../approvals/shipped.ts';
import { blueprintOf, configMap } from '../blueprints/blueprint.ts';
import { type Bench, benchWorld } from './bench-world.ts';

interface Stage extends Bench {
  /** Puts this one in force, as an edit of its file would. */
  put(blueprint: Blueprint): void;
  create(name: string): Promise<PlatformRequest>;
}

async function stage(blueprint: Blueprint): Promise<Stage> {
  const bench = await benchWorld();
  onTestFinished(() => bench.close());
  const put = (one: Blueprint) =>
    Object.assign(bench.context, {
      catalog: () => ({ ...catalog, blueprints: { ...catalog.blueprints, own: one } }),
    });
  put(blueprint);
  return {
    ...bench,
    put,
    create: async (name) => bench.finish(await bench.ask('environment.create', { name, blueprint: 'own' })),
  };
}

function workload(kind: 'Deployment' | 'StatefulSet', pod = '', more = ''): string {
  return `  web:
${more}    manifest:
      apiVersion: apps/v1
      kind: ${kind}
      metadata: { name: web }
      spec:
        replicas: 1
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec:
            containers:
              - name: web
                image: registry.acme.example/web:1.0
${pod}`;
}

test.each(['Deployment', 'StatefulSet'] as const)(
  'an image that cannot be pulled is named, of a %s',
  async (kind) => {
    const world = await stage(blueprintOf(`resources:\n${workload(kind)}`));
    world.cluster.failNext('env-bad', 'web', 'imagepull');
    const made = await world.create('bad');
    expectFailed(made, /registry\.acme\.example\/web:1\.0/);
  },
);

test('a quota that leaves no room is named', async () => {
  const pod = '                resources: { requests: { cpu: "4" }, limits: { cpu: "4" } }\n';
  const world = await stage(blueprintOf(`resources:\n${workload('StatefulSet', pod)}`));
  const made = await world.create('bad');
  expect(made.status).toBe('failed');
  expect(made.problem?.sentence).toMatch(/exceeded quota: environment/);
});

test('what Pod Security refuses is told as that', async () => {
  const pod = '                securityContext: { privileged: true }\n';
  const world = await stage(blueprintOf(`resources:\n${workload('Deployment', pod)}`));
  const made = await world.create('bad');
  expect(made.status).toBe('failed');
  expect(made.problem?.sentence).toMatch(/PodSecurity/);
});

test('what the cluster took only after eleven minutes still has ten to get ready', async () => {
  const world = await stage(blueprintOf(`resources:\n${workload('Deployment')}`));
  world.faults.add({
    ...{ box: 'cluster', operation: '* */namespaces/env-late/deployments*' },
    fault: { kind: 'status', status: 503 },
  });
  const id = await world.ask('environment.create', { name: 'late', blueprint: 'own' });
  const back = world.clock.now() + 11 * minuteMs;
  await world.until(id, () => world.clock.now() >= back);
  world.faults.clear();
  expect(await world.finish(id)).toMatchObject({ status: 'succeeded' });
});

test('a kind that the cluster does not have is named, with what to do', async () => {
  const claim = `resources:
  claim:
    manifest:
      apiVersion: widgets.acme.example/v1
      kind: Widget
      metadata: { name: x }
`;
  const made = await (await stage(blueprintOf(claim))).create('bad');
  expect(made).toMatchObject({
    status: 'failed',
    remains: [],
    problem: {
      sentence: 'The cluster sandbox has no kind Widget in widgets.acme.example/v1.',
      next: expect.stringMatching(/install it there/),
    },
  });
});

test('what somebody deletes while it waits is made again; after it was ready it is missed', async () => {
  const slow = `resources:\n${configMap('one')}${workload('Deployment', '', '    needs: [one]\n')}`;
  const world = await stage(blueprintOf(slow));
  world.cluster.failNext('env-bad', 'web', 'unready');
  const id = await world.ask('environment.create', { name: 'bad', blueprint: 'own' });
  await world.until(id, ({ steps }) =>
    steps.some((step) => step.id === 'make-web' && step.note !== undefined),
  );
  const cluster = world.hand;
  const admin = { apiVersion: 'v1', kind: 'ConfigMap', name: 'one', namespace: 'env-bad' };
  await world.byHand('DELETE', '/api/v1/namespaces/env-bad/configmaps/one');
  await world.byHand('DELETE', '/apis/apps/v1/namespaces/env-bad/deployments/web');
  world.cluster.stopFailing('env-bad', 'web');
  const made = await world.finish(id);
  expect(made.problem?.sentence).toBe('Somebody deleted ConfigMap one while the environment was being made.');
  expect(made.steps.find((step) => step.id === 'make-web')).toMatchObject({ state: 'undone' });
  expect(await cluster.read(admin)).toBeUndefined();
});

const outside = [
  { apiVersion: 'databases.acme.example/v1', kind: 'PostgresClaim', namespace: 'payments-staging' },
];
const claimElsewhere = `  claim:
    manifest:
      apiVersion: databases.acme.example/v1
      kind: PostgresClaim
      metadata: { name: "env-\${environment.name}", namespace: payments-staging }
      spec: { version: "17", storageGi: 1, writeConnectionSecretToRef: { name: x } }
`;
const claimRef = {
  ...{ apiVersion: 'databases.acme.example/v1', kind: 'PostgresClaim' },
  ...{ name: 'env-bad', namespace: 'payments-staging' },
};

test('what lies outside its namespace goes with the environment', async () => {
  const world = await stage(blueprintOf(`resources:\n${claimElsewhere}`, { outside }));
  expect((await world.create('bad')).status).toBe('succeeded');
  const cluster = world.hand;
  expect(await cluster.read(claimRef)).toBeDefined();
  const gone = await world.finish(await world.ask('environment.destroy', { name: 'bad' }));
  expect(gone.status).toBe('succeeded');
  expect(await cluster.read(claimRef)).toBeUndefined();
});

test('somebody else’s of that name is left alone, and the environment is not made', async () => {
  const world = await stage(blueprintOf(`resources:\n${claimElsewhere}`, { outside }));
  const cluster = world.hand;
  const { name, namespace, ...kind } = claimRef;
  const theirs = {
    ...kind,
    metadata: { name, namespace },
    spec: { version: '16', storageGi: 2, writeConnectionSecretToRef: { name: 'y' } },
  };
  await cluster.apply(theirs);
  const made = await world.create('bad');
  expect(made).toMatchObject({ status: 'failed', remains: [], problem: { code: 'conflict' } });
  expect(await cluster.read(claimRef)).toMatchObject({ spec: { version: '16' } });
});

const key = (place: string, more = '') => `  key:
${more}    generate: { password: 32 }
    manifest:
      apiVersion: v1
      kind: Secret
      metadata: { name: "key-\${environment.name}"${place} }
`;
const theirKey = (namespace: string) => ({
  ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key-bad', namespace } },
  stringData: { password: 'theirs' },
});
const secretRef = (namespace: string) => ({
  ...{ apiVersion: 'v1', kind: 'Secret', name: 'key-bad', namespace },
});

test('somebody else’s Secret of that name is not handed over as ours, and stays', async () => {
  const secrets = [{ apiVersion: 'v1', kind: 'Secret', namespace: 'payments-staging' }];
  const elsewhere = key(', namespace: payments-staging');
  const world = await stage(blueprintOf(`resources:\n${elsewhere}`, { outside: secrets }));
  await world.hand.createSecret(theirKey('payments-staging'), {});
  const made = await world.create('bad');
  expect(made).toMatchObject({ status: 'failed', remains: [], problem: { code: 'conflict' } });
  expect(await world.hand.read(secretRef('payments-staging'))).toMatchObject({
    data: { password: btoa('theirs') },
  });
});

test('a Secret whose answer is lost is made once, and is ours', async () => {
  const world = await stage(blueprintOf(`resources:\n${key('')}`));
  world.faults.add({
    ...{ box: 'cluster', operation: 'POST *secrets' },
    ...{ fault: { kind: 'lost-response' }, times: 1 },
  });
  const made = await world.create('bad');
  expect(made).toMatchObject({ status: 'succeeded' });
  const history = await world.context.store.history(made.id);
  expect(history.map(({ event }) => event.type)).toContain('step_retrying');
  expect(await world.hand.read(secretRef('env-bad'))).toBeDefined();
});

/** An environment with the operation `rotate`, which makes these. */
async function rotatable(...resources: readonly string[]) {
  const operations = `operations:
  rotate:
    title: Rotate
    description: Makes another key.
    resources:
${resources.join('').replaceAll(/^(?=.)/gm, '    ')}`;
  const world = await stage(blueprintOf(`resources:\n${configMap('one')}${operations}`));
  expect((await world.create('bad')).status).toBe('succeeded');
  const rotate = async () =>
    world.finish(await world.ask('environment.operate', { name: 'bad', operation: 'rotate' }));
  return { ...world, rotate };
}

test('an operation does not take the Secret that an earlier one made for its own', async () => {
  const { rotate } = await rotatable(key(''));
  expect(await rotate()).toMatchObject({ status: 'succeeded' });
  expect(await rotate()).toMatchObject({ status: 'failed', remains: [], problem: { code: 'conflict' } });
});

test('an operation that fails before it has made its Secret leaves none, and names none', async () => {
  const { hand, rotate } = await rotatable(configMap('taken'), key(''));
  const theirs = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'taken', namespace: 'env-bad' } };
  await hand.create(theirs);
  expect(await rotate()).toMatchObject({ status: 'failed', remains: [] });
  expect(await hand.read(secretRef('env-bad'))).toBeUndefined();
});

const round = `  round:
    manifest:
      apiVersion: batch/v1
      kind: Job
      metadata: { name: round }
      spec:
        template:
          spec:
            restartPolicy: Never
            containers: [{ name: round, image: "registry.acme.example/round:1.0" }]
`;

test('of an operation that is taken back all goes but its Secret, which is named as remaining', async () => {
  const { cluster, hand, rotate } = await rotatable(key(''), round);
  cluster.failNext('env-bad', 'round', 'fail');
  const run = await rotate();
  expect(run).toMatchObject({ status: 'failed', remains: ['Change'] });
  expect(run.steps.find(({ id }) => id === 'operate')?.note).toMatch(/Secret key-bad stays/);
  const job = { apiVersion: 'batch/v1', kind: 'Job', name: 'round', namespace: 'env-bad' };
  expect(await hand.read(job)).toBeUndefined();
});

test('a blueprint that is edited in mid-run is not gone on with, and all it made goes', async () => {
  const first = `resources:\n${claimElsewhere}${workload('Deployment', '', '    needs: [claim]\n')}`;
  const world = await stage(blueprintOf(first, { outside }));
  world.cluster.failNext('env-bad', 'web', 'unready');
  const id = await world.ask('environment.create', { name: 'bad', blueprint: 'own' });
  await world.until(id, ({ steps }) => steps.some((step) => step.id === 'make-web' && step.attempts > 0));
  const cluster = world.hand;
  expect(await cluster.read(claimRef)).toBeDefined();
  world.put(blueprintOf(`resources:\n${workload('Deployment', '', '')}`));
  const made = await world.finish(id);
  expect(made).toMatchObject({ status: 'failed', remains: [], problem: { code: 'plan_changed' } });
  expect(await cluster.read(claimRef)).toBeUndefined();
  expect(await cluster.read({ apiVersion: 'v1', kind: 'Namespace', name: 'env-bad' })).toBeUndefined();
});

const sized = 'inputs:\n  type: object\n  properties: { size: { type: string } }\n';

test.each([
  ['asks for more', sized.replace('properties', 'required: [tier]\n  properties'), ''],
  ['takes less', 'inputs: { type: object, properties: {}, additionalProperties: false }\n', ''],
  ['gives a name that is none', sized, configMap('one').replace('name: one', 'name: "${input.size}"')],
])('one that %s since an edit in mid-run is taken back all the same', async (_why, inputs, more) => {
  const first = `${sized}resources:\n${claimElsewhere}${workload('Deployment', '', '    needs: [claim]\n')}`;
  const world = await stage(blueprintOf(first, { outside }));
  world.cluster.failNext('env-bad', 'web', 'unready');
  const wish = { name: 'bad', blueprint: 'own', values: { size: 'Very large' } };
  const id = await world.ask('environment.create', wish);
  await world.until(id, ({ steps }) => steps.some((step) => step.id === 'make-web' && step.attempts > 0));
  world.put(blueprintOf(`${inputs}resources:\n${more}${workload('Deployment')}`));
  const made = await world.finish(id);
  expect(made).toMatchObject({ status: 'failed', remains: [], problem: { code: 'plan_changed' } });
  expect(await world.hand.read(claimRef)).toBeUndefined();
  expect(await world.hand.read({ apiVersion: 'v1', kind: 'Namespace', name: 'env-bad' })).toBeUndefined();
});

test('one that is gone in mid-run is taken back all the same', async () => {
  const world = await stage(blueprintOf(`resources:\n${workload('Deployment')}`));
  world.cluster.failNext('env-bad', 'web', 'unready');
  const id = await world.ask('environment.create', { name: 'bad', blueprint: 'own' });
  await world.until(id, ({ steps }) => steps.some((step) => step.id === 'make-web' && step.attempts > 0));
  Object.assign(world.context, { catalog: () => catalog });
  const made = await world.finish(id);
  expect(made).toMatchObject({ status: 'failed', remains: [] });
});

test('steps that need none of each other are at work side by side', async () => {
  const two = `resources:\n${workload('StatefulSet')}${workload('Deployment').replace('  web:', '  api:').replaceAll('name: web', 'name: api').replaceAll('app: web', 'app: api')}`;
  const world = await stage(blueprintOf(two));
  const id = await world.ask('environment.create', { name: 'bad', blueprint: 'own' });
  const seen = await world.until(
    id,
    ({ steps }) =>
      steps.filter(({ id: step, state }) => step.startsWith('make-') && state === 'running').length === 2,
  );
  expect(seen.status).toBe('running');
  expect((await world.finish(id)).status).toBe('succeeded');
});

test('a name of 50 characters is made, one of 60 is refused at its field', async () => {
  const world = await stage(blueprintOf(`resources:\n${configMap('one')}`));
  expect((await world.create('n'.repeat(50))).status).toBe('succeeded');
  await expect(world.create('n'.repeat(60))).rejects.toThrow(/"name"/);
});

function expectFailed(made: PlatformRequest, sentence: RegExp): void {
  if (made.status === 'failed' && sentence.test(made.problem?.sentence ?? '') && made.remains.length === 0)
    return;
  throw new Error(
    JSON.stringify({ status: made.status, problem: made.problem, remains: made.remains }, null, 2),
  );
}
