import { expect, test } from 'vitest';
import { lastTrafficBy } from '../../src/background/last-traffic.ts';
import type { EnvironmentRecord } from '../../src/core/environment-record.ts';
import type { MetricAnswer, Metrics } from '../../src/core/metrics.ts';
import { catalog } from '../approvals/shipped.ts';

const living = { name: 'pr-12', namespace: 'env-pr-12', cluster: 'sandbox' };
const record = { living } as Partial<EnvironmentRecord> as EnvironmentRecord;

function asked(values: readonly number[]) {
  const queries: string[] = [];
  const answer: MetricAnswer = {
    series: values.map((value) => ({ labels: {}, points: [{ at: 0, value }] })),
    warnings: [],
  };
  const metrics: Metrics = {
    range: async () => answer,
    instant: async (query) => {
      queries.push(query);
      return answer;
    },
  };
  const at = lastTrafficBy(metrics, () => catalog, { now: () => 1000 })(record);
  return { at, queries };
}

test('what was called within the last minutes is in use now', async () => {
  const { at, queries } = asked([0, 3]);
  expect(await at).toBe(1000);
  expect(queries).toEqual([
    'sum(increase(nginx_ingress_controller_requests{exported_namespace="env-pr-12"}[600s]))',
  ]);
});

test('no calls, no numbers and no Prometheus are no use', async () => {
  expect(await asked([0]).at).toBeUndefined();
  expect(await asked([]).at).toBeUndefined();
  expect(await lastTrafficBy(undefined, () => catalog, { now: () => 1000 })(record)).toBeUndefined();
});
