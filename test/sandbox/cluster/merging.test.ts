import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromFieldsV1, paths, toFieldsV1 } from '../../../src/sandbox/cluster/apply/field-set.ts';
import { applyFields, recordUpdate } from '../../../src/sandbox/cluster/apply/managed-fields.ts';
import { copy } from '../../../src/sandbox/cluster/json.ts';
import { applyJsonPatch } from '../../../src/sandbox/cluster/patch/json-patch.ts';
import { applyMergePatch } from '../../../src/sandbox/cluster/patch/merge-patch.ts';
import { applyStrategicPatch } from '../../../src/sandbox/cluster/patch/strategic-merge.ts';
import { canonicalQuantity, milliOf } from '../../../src/sandbox/cluster/quantity.ts';
import { createRegistry } from '../../../src/sandbox/cluster/registry.ts';
import type { JsonObject, KubeObject } from '../../../src/sandbox/cluster/types.ts';
import { typesOf } from '../../../src/sandbox/cluster/types-of.ts';

const configMap = createRegistry().byKind('v1', 'ConfigMap');
const deployment = createRegistry().byKind('apps/v1', 'Deployment');
if (!configMap || !deployment) throw new Error('The registry lacks kinds that this test needs.');

const data = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('1', '2', '3'), {
  maxKeys: 4,
});
const writer = (manager: string) => ({ manager, apiVersion: 'v1', time: '2026-11-21T09:00:00Z' });
const object = (content: Record<string, string>): KubeObject =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: content }) as unknown as KubeObject;
const apply = (
  live: KubeObject | undefined,
  content: Record<string, string>,
  manager: string,
  force = true,
) => applyFields(live && copy(live), object(content), typesOf(configMap), writer(manager), force, false);
const dataOf = (one: KubeObject) => (one as KubeObject & { data?: Record<string, string> }).data ?? {};

describe('server-side apply', () => {
  test('what was applied is what is there, whoever applied before', () => {
    fc.assert(
      fc.property(data, data, (first, second) => {
        const live = apply(apply(undefined, first, 'alpha'), second, 'beta');
        expect(dataOf(live)).toMatchObject(second);
      }),
    );
  });

  test('applying the same twice changes nothing, ownership included', () => {
    fc.assert(
      fc.property(data, data, (first, second) => {
        const once = apply(apply(undefined, first, 'alpha'), second, 'beta');
        expect(apply(once, second, 'beta')).toEqual(once);
      }),
    );
  });

  test('fields that one manager drops go, unless another has them', () => {
    fc.assert(
      fc.property(data, data, (first, second) => {
        const live = apply(apply(undefined, first, 'alpha'), second, 'beta');
        const after = apply(live, {}, 'alpha');
        expect(Object.keys(dataOf(after)).sort()).toEqual(Object.keys(second).sort());
      }),
    );
  });

  test('without force nothing of another manager changes its value', () => {
    fc.assert(
      fc.property(data, data, (first, second) => {
        const live = apply(undefined, first, 'alpha');
        const conflicts = Object.keys(second).some((key) => key in first && first[key] !== second[key]);
        if (conflicts) expect(() => apply(live, second, 'beta', false)).toThrow(/conflicts? with "alpha"/);
        else expect(dataOf(apply(live, second, 'beta', false))).toEqual({ ...first, ...second });
      }),
    );
  });

  test('an update takes the fields it changes, and the next apply says so', () => {
    const live = apply(undefined, { a: '1', b: '1' }, 'alpha');
    const updated = object({ a: '2', b: '1' });
    updated.metadata = copy(live.metadata);
    recordUpdate(live, updated, typesOf(configMap), writer('editor'), false);
    expect(() => apply(updated, { a: '1', b: '1' }, 'alpha', false)).toThrow(
      'conflict with "editor" using v1: .data.a',
    );
  });

  test('field sets survive being written and read', () => {
    const live = apply(undefined, { a: '1' }, 'alpha');
    const fields = live.metadata.managedFields?.[0]?.fieldsV1 ?? {};
    expect(toFieldsV1(fromFieldsV1(fields))).toEqual(fields);
    expect(paths(fromFieldsV1(fields))).toEqual([['f:data', 'f:a']]);
  });

  test('containers merge by their name', () => {
    const types = typesOf(deployment);
    const of = (...containers: JsonObject[]) =>
      ({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'x' },
        spec: { template: { spec: { containers } } },
      }) as unknown as KubeObject;
    const first = applyFields(
      undefined,
      of({ name: 'main', image: 'a' }),
      types,
      writer('alpha'),
      false,
      true,
    );
    const both = applyFields(first, of({ name: 'side', image: 'b' }), types, writer('beta'), false, true);
    expect(both).toMatchObject({
      spec: { template: { spec: { containers: [{ name: 'main' }, { name: 'side' }] } } },
    });
  });
});

describe('patches', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 3 }, fc.string(), fc.integer(), fc.boolean(), tie('object')),
    object: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('any'), { maxKeys: 3 }),
  })).object as fc.Arbitrary<JsonObject>;

  test('a merge patch of a whole object holds that object', () => {
    fc.assert(
      fc.property(value, value, (before, patch) => {
        const once = applyMergePatch(before, patch);
        expect(applyMergePatch(once, patch)).toEqual(once);
      }),
    );
  });

  test('a patch never changes the object that it was made from', () => {
    fc.assert(
      fc.property(value, value, (before, patch) => {
        const kept = copy(before);
        applyMergePatch(before, patch);
        applyStrategicPatch(before, patch, 'ConfigMap');
        applyJsonPatch(before, [{ op: 'add', path: '/z', value: 1 }]);
        expect(before).toEqual(kept);
      }),
    );
  });

  test('no patch reaches the prototype of objects', () => {
    const evil = JSON.parse('{"__proto__":{"polluted":true}}') as JsonObject;
    applyMergePatch({}, evil);
    applyStrategicPatch({}, evil, 'ConfigMap');
    expect(() => applyJsonPatch({}, [{ op: 'add', path: '/__proto__/polluted', value: true }])).toThrow();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('quantities', () => {
  test.each([
    ['5000', '5k'],
    ['0.5', '500m'],
    ['1024Mi', '1Gi'],
    ['100m', '100m'],
    ['1500m', '1500m'],
    ['1e3', '1k'],
    ['128974848', '128974848'],
  ])('%s is written %s', (input, expected) => {
    expect(canonicalQuantity(input)).toBe(expected);
    expect(milliOf(expected)).toBe(milliOf(input));
  });
});
