/** Environments that operators make: each blueprint from wish to end, on the sandbox's own operators. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

describe.each(blueprints)('the blueprint %s', (blueprint, kind) => {
  it('is made, waited for, and handed over when its operator says that it is ready', async () => {
    const id = await bench.ask('environment.create', { name: `${blueprint}-1`, blueprint });
    const request = await bench.finish(id);
    expect(request.problem).toBeUndefined();
    expect(request.status).toBe('succeeded');
    expect(request.outputs?.environment?.objects?.map((one) => one.kind)).toContain(kind);
    if (blueprint === 'pulumi-stack') expect(request.outputs?.links[0]?.url).toMatch(/stacks\.acme\.example/);
    const gone = await bench.finish(await bench.ask('environment.destroy', { name: `${blueprint}-1` }));
    expect(gone.status).toBe('succeeded');
    expect(namespaceOf(`${blueprint}-1`)).toBeUndefined();
  });

  it('fails with what its operator says, and leaves nothing', async () => {
    bench.cluster.failNextResource({ kind, message: 'no room in zone b' });
    const id = await bench.ask('environment.create', { name: `${blueprint}-2`, blueprint });
    const request = await bench.finish(id);
    expect(request.status).toBe('failed');
    expect(request.problem?.sentence).toContain('no room in zone b');
    expect(request.problem?.sentence).toContain(kind);
    expect(namespaceOf(`${blueprint}-2`)).toBeUndefined();
    expect(request.steps.filter((one) => one.state === 'undo_failed')).toEqual([]);
  });
});
