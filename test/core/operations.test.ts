import { expect, test } from 'vitest';
import type { Blueprint, BlueprintOperation } from '../../src/core/blueprint.ts';
import { callOf, inputsOfOperation, operationsCalled } from '../../src/core/operations.ts';

const operation = (name: string, digest: string) =>
  ({ name, inputs: { digest } }) as Partial<BlueprintOperation> as BlueprintOperation;
const blueprint = (name: string, ...operations: BlueprintOperation[]) =>
  ({ name, operations }) as Partial<Blueprint> as Blueprint;
const web = blueprint('web', operation('image', 'a'), operation('restart', 'r'));
const worker = blueprint('worker', operation('image', 'b'), operation('restart', 'r'));
const catalog = { blueprints: { web, worker } };

test('a name is enough where all that have it ask for the same', () => {
  expect(inputsOfOperation('restart', catalog)?.digest).toBe('r');
  expect(operationsCalled('restart', catalog).map((one) => callOf(one, catalog))).toEqual([
    'restart',
    'restart',
  ]);
});

test('else the blueprint stands before it', () => {
  expect(inputsOfOperation('image', catalog)).toBeUndefined();
  expect(inputsOfOperation('worker/image', catalog)?.digest).toBe('b');
  expect(operationsCalled('image', catalog).map((one) => callOf(one, catalog))).toEqual([
    'web/image',
    'worker/image',
  ]);
});

test('what nobody offers is nothing', () => {
  expect(operationsCalled('fly', catalog)).toEqual([]);
  expect(inputsOfOperation('worker/fly', catalog)).toBeUndefined();
});
