/** Each shipped blueprint from the wish to the end, on the sandbox's cluster; and what a bad day makes of one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlatformRequest } from '../../src/core/request.ts';
import { catalog } from '../approvals/shipped.ts';
import { exampleValues } from '../blueprints/examples.ts';
import { type Bench, benchWorld, readingIn, shipped } from './bench-world.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await benchWorld();
});
afterAll(() => bench.close());

const names = Object.keys(catalog.blueprints);

describe('every shipped blueprint', () => {
  test.each(names)('%s becomes an environment in which all it promises is there', async (blueprint) => {
    const inputs = catalog.blueprints[blueprint]?.inputs;
    const values = inputs ? exampleValues(inputs) : {};
    const asked = { name: `try-${blueprint}`, blueprint, values };
    const made = await bench.finish(await bench.ask('environment.create', asked));
    expect(made, told(made)).toMatchObject({ status: 'succeeded' });
    const environment = made.outputs?.environment;
    const cluster = bench.context.outside.cluster('sandbox');
    for (const object of environment?.objects ?? []) {
      if (object.kind !== 'Secret') expect(await cluster.read(object), object.name).toBeDefined();
    }
    for (const note of made.outputs?.notes ?? []) expect(note).not.toContain('${');
  });
});

describe('before it is made', () => {
  const preview = async (values: Readonly<Record<string, unknown>>) => {
    const action = shipped.get('environment.create');
    if (!action || action.effect === 'read') throw new Error('no such change');
    const asked = action.input.parse({ name: 'shop', blueprint: 'web-postgres', values });
    return action.preview(asked, readingIn(bench));
  };

  test('people read what is made of which kind, and what it costs with its storage', async () => {
    const { details, cost } = await preview({ storageGi: 100 });
    expect(details.find(({ label }) => label === 'Makes')?.value).toBe(
      'a namespace (with quota, limits, network policy, rights), 1 Secret, 2 Services, 1 StatefulSet, 1 Deployment and 1 Ingress',
    );
    // 2 CPU, 4 GiB of memory, 100 GiB of storage.
    expect(cost).toMatchObject({ perHour: expect.closeTo(0.09 + 0.024 + 0.01, 5) });
  });

  test('an approval holds for this very blueprint', async () => {
    const before = await preview({});
    const { catalog: inForce } = bench.context;
    const one = inForce().blueprints['web-postgres'];
    if (!one) throw new Error('no such blueprint');
    const edited = { ...one, digest: 'f'.repeat(64) };
    const now = inForce();
    Object.assign(bench.context, {
      catalog: () => ({ ...now, blueprints: { ...now.blueprints, 'web-postgres': edited } }),
    });
    const after = await preview({});
    Object.assign(bench.context, { catalog: inForce });
    expect(after.resolved).not.toEqual(before.resolved);
    expect((await preview({})).resolved).toEqual(before.resolved);
  });
});

function told({ status, problem, steps }: PlatformRequest): string {
  const states = steps.map((step) => `${step.id} ${step.state}: ${step.note ?? ''}`).join('\n');
  return `${status} (${problem?.sentence ?? 'no problem'})\n${states}`;
}
