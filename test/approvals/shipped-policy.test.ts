import { expect, test } from 'vitest';
import { runPolicyTest } from '../../src/approvals/policy-test.ts';
import { accepted, shippedPolicy, sourceOf } from './shipped.ts';

const source = sourceOf('data/policy.test.yml');
const results = accepted(runPolicyTest(shippedPolicy, source));

test.each(results)('the policy promises: $name', ({ failures, line }) => {
  expect(failures, `${source.file}:${line}`).toEqual([]);
});

test('every rule of the policy has an example', () => {
  const told = shippedPolicy.rules.filter(({ id }) => !source.text.includes(id)).map(({ id }) => id);
  expect(told).toEqual([]);
});
