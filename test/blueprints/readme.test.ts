/** The worked example of data/blueprints/README.md is a blueprint. */
import { expect, test } from 'vitest';
import { readBlueprint } from '../../src/blueprints/read-blueprint.ts';
import { accepted, sourceOf } from '../approvals/shipped.ts';
import { exampleScope } from './examples.ts';

test('what the README shows is right', () => {
  const text = /```yaml\n([\s\S]*?)```/.exec(sourceOf('data/blueprints/README.md').text)?.[1] ?? '';
  const prices = ['cpuHour', 'memoryGiHour', 'storageGiHour', 'asleepShare'];
  const blueprint = accepted(
    readBlueprint('own', { file: 'README.md', text }, { outside: [], prices, neighbour: () => undefined }),
  );
  const scope = exampleScope('shop', { cacheMi: 128, isPublic: false });
  expect(blueprint.resources.filter((one) => one.isWanted(scope)).map(({ name }) => name)).toEqual([
    'secret',
    'cache',
  ]);
  const cache = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'cache' } };
  expect(blueprint.outputs(scope, { cache })).toMatchObject({
    url: '',
    notes: ['The cache keeps 128 MiB, on cache.'],
  });
  expect(blueprint.operations.map(({ name }) => name)).toEqual(['more-cache']);
});
