/** Each shipped blueprint from the wish to the end, on the sandbox's cluster; and what a bad day makes of one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlatformRequest } from '../../src/core/request.ts';
import { catalog } from '../approvals/shipped.ts';
import { exampleValues } from '../blueprints/examples.ts';
import { type Bench, benchWorld } from './bench-world.ts';

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

function told({ status, problem, steps }: PlatformRequest): string {
  const states = steps.map((step) => `${step.id} ${step.state}: ${step.note ?? ''}`).join('\n');
  return `${status} (${problem?.sentence ?? 'no problem'})\n${states}`;
}
