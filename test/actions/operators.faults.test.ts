/** Environments that operators make, on the sandbox's own operators. That each can be made, blueprints.test.ts shows. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlatformRequest } from '../../src/core/request.ts';
import { dana } from '../desk/desk-world.ts';
import { type Bench, benchWorld } from './bench-world.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await benchWorld();
});
afterAll(() => bench.close());

const blueprints: readonly (readonly [blueprint: string, kind: string])[] = [
  ['helm-release', 'HelmRelease'],
  ['argo-application', 'Application'],
  ['cyclops-module', 'Module'],
  ['giant-swarm-app', 'App'],
  ['pulumi-stack', 'Stack'],
  ['postgres-claim', 'PostgresClaim'],
];

function namespaceOf(name: string) {
  return bench.cluster.read({ apiVersion: 'v1', kind: 'Namespace', name: `env-${name}` });
}

describe('an operator that fails', () => {
  const ended = new Map<string, PlatformRequest>();
  // All at once: the minute that an operator is given to recover passes for all of them together.
  beforeAll(async () => {
    const asked = [];
    for (const [blueprint, kind] of blueprints) {
      bench.cluster.failNextResource({ kind, message: `no room for this ${kind} in zone b` });
      asked.push([blueprint, await bench.ask('environment.create', { name: blueprint, blueprint })] as const);
    }
    for (const [blueprint, id] of asked) ended.set(blueprint, await bench.finish(id));
  });

  it.each(blueprints)(
    '%s: the request fails with the sentence of the %s, and leaves nothing',
    (blueprint, kind) => {
      const request = ended.get(blueprint);
      expect(request?.status).toBe('failed');
      expect(request?.problem?.sentence).toContain(`The ${kind} ${blueprint}`);
      expect(request?.problem?.sentence).toContain(`no room for this ${kind} in zone b`);
      expect(request?.remains).toEqual([]);
      expect(namespaceOf(blueprint)).toBeUndefined();
    },
  );
});

it('shown by what its operator says of it, as long as it lives', async () => {
  const wish = { name: 'shown', blueprint: 'helm-release' };
  expect(await bench.finish(await bench.ask('environment.create', wish))).toMatchObject({
    status: 'succeeded',
  });
  const show = async () => {
    const origin = { surface: 'command' } as const;
    const input = { name: 'shown' };
    const answer = await bench.desk.answer({
      key: 'k',
      action: 'environment.show',
      input,
      requester: dana,
      origin,
    });
    return answer.ok ? answer.value : undefined;
  };
  expect(await show()).toMatchObject({
    mood: 'good',
    sentence: expect.stringContaining('The HelmRelease shown is ready.'),
  });
  const release = {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    namespace: 'env-shown',
    name: 'shown',
  };
  const stalled = {
    type: 'Stalled',
    status: 'True',
    reason: 'RetriesExceeded',
    message: 'gave up after 3 attempts',
  };
  bench.cluster.setStatus(release, { conditions: [stalled] });
  expect(await show()).toMatchObject({
    mood: 'bad',
    sentence: expect.stringContaining('The HelmRelease shown failed: gave up after 3 attempts.'),
  });
});

it('what an operator hands back becomes an address, and ends with the environment', async () => {
  const wish = { name: 'site', blueprint: 'pulumi-stack' };
  const request = await bench.finish(await bench.ask('environment.create', wish));
  expect(request.problem).toBeUndefined();
  expect(request.outputs?.links[0]?.url).toBe('https://site.stacks.acme.example');
  expect(await bench.finish(await bench.ask('environment.destroy', { name: 'site' }))).toMatchObject({
    status: 'succeeded',
  });
  expect(namespaceOf('site')).toBeUndefined();
});

it('a chart is installed by an account of its own: without its rights Flux is refused', async () => {
  const wish = { name: 'charted', blueprint: 'helm-release' };
  const id = await bench.ask('environment.create', wish);
  const binding = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' };
  const ref = { ...binding, name: 'installer', namespace: 'env-charted' };
  await bench.until(id, () => bench.cluster.read(ref) !== undefined);
  await bench.hand.remove(ref, {});
  const request = await bench.finish(id);
  expect(request.problem?.sentence).toContain(
    'User "system:serviceaccount:env-charted:installer" cannot create resource "secrets"',
  );
  expect(await bench.finish(await bench.ask('environment.create', wish))).toMatchObject({
    status: 'succeeded',
  });
  const { containers: _, ...pod } = podOf('env-charted', 'charted');
  expect(pod).not.toMatchObject({ serviceAccountName: 'installer' });
});

function podOf(namespace: string, name: string) {
  const found = bench.cluster.read({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name });
  type Deployment = { spec: { template: { spec: { containers: unknown } } } };
  return (found as unknown as Deployment).spec.template.spec;
}
