/** What bears a name of ours and is somebody else's: neither taken for ours nor taken away. */
import { describe, expect, test } from 'vitest';
import environmentAdopt from '../../src/actions/environment.adopt.ts';
import run from '../../src/actions/service.run.ts';
import type { ChangeAction, StepContext } from '../../src/core/action.ts';
import type { Cluster, Manifest } from '../../src/core/cluster.ts';
import { catalog } from '../approvals/shipped.ts';
import { lifeWorld, namespace } from './life-world.ts';
import { serviceWorld } from './service-world.ts';

const theirs = { 'app.kubernetes.io/managed-by': 'greenlight', 'greenlight.dev/request': 'another' };

test('a namespace that another request has made is not used, and is left as it is by what takes back', async () => {
  const { cluster, run, bench } = await lifeWorld();
  const found: Manifest = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: theirs },
  };
  await cluster.create(found);
  const request = await run('create', { ttl: '2d' });
  expect(request).toMatchObject({
    status: 'failed',
    problem: { code: 'conflict', sentence: expect.stringContaining('belongs to somebody else') },
  });
  // Nothing of ours remains there that anybody would have to look at.
  expect(request.steps.find(({ id }) => id === 'namespace')).toMatchObject({ state: 'undone' });
  expect(await cluster.read({ apiVersion: 'v1', kind: 'Namespace', name: namespace })).toMatchObject(found);
  expect(await cluster.list({ apiVersion: 'v1', kind: 'ResourceQuota', namespace })).toEqual([]);
  expect(bench.calls().filter(({ operation }) => operation.startsWith('DELETE'))).toEqual([]);
});

test('a Job of that name that another request has started is not followed as if it were ours', async () => {
  const { cluster, ...world } = await serviceWorld();
  const read = async () => ({ metadata: { name: 'migrate-req-1-key', labels: theirs } }) as never;
  world.outside.cluster = { ...cluster, create: async () => 'taken', read };
  const asked = { service: 'payments', environment: 'staging', job: 'migrate', values: { to: 'latest' } };
  const ran = await world.run(run, asked);
  expect(ran.problem).toMatchObject({
    code: 'conflict',
    sentence: 'There is a Job migrate-req-1-key already, and it is not ours.',
  });
});

describe('taking back an adoption', () => {
  const undone = async (request: string) => {
    const merged: unknown[] = [];
    const labels = { ...theirs, 'greenlight.dev/request': request };
    const cluster: Partial<Cluster> = {
      read: async () => ({ metadata: { name: 'checkout-trial', labels } }) as never,
      merge: async (_ref, change) => {
        merged.push(change);
        return 'changed';
      },
    };
    const context: Partial<StepContext> = {
      catalog,
      request: { id: 'REQ-1', key: 'ours', target: { team: 'checkout' } } as never,
      results: { before: {} },
      cluster: () => cluster as Cluster,
    };
    const asked = environmentAdopt.input.parse({ name: 'checkout-trial' });
    const steps = (environmentAdopt as ChangeAction).steps(asked, catalog);
    const outcome = await steps.find(({ id }) => id === 'labels')?.undo?.(asked, context as StepContext);
    return { outcome, merged };
  };

  test('relabels the namespace while it is ours', async () => {
    expect(await undone('ours')).toMatchObject({
      outcome: { state: 'done' },
      merged: [{ metadata: { labels: { 'greenlight.dev/request': null } } }],
    });
  });

  test('leaves the labels of whoever has adopted it since', async () => {
    expect(await undone('another')).toEqual({
      outcome: { state: 'done', note: 'it is not ours' },
      merged: [],
    });
  });
});
