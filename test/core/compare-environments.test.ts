/** What is there, beside what is recorded. */
import { expect, test } from 'vitest';
import { compareEnvironments } from '../../src/core/compare-environments.ts';
import { environmentRecord } from '../../src/core/environment-record.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { requestAfter } from './requests.ts';

const living = {
  name: 'pr-12',
  blueprint: 'worker',
  team: 'checkout',
  cluster: 'c',
  namespace: 'env-pr-12',
  requestId: requestIdOf(12),
  url: '',
  expiresAt: 9,
};
const record = { ...environmentRecord(requestAfter()), living };

const found = (name: string, request?: string, more = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name,
    ...(request === undefined ? {} : { labels: { 'greenlight.dev/request': request } }),
    ...more,
  },
});

test('nothing is missing or unknown when nothing was done by hand', () => {
  const coming = { ...record, requestId: requestIdOf(13) };
  const { living: _living, ...onItsWay } = coming;
  const all = [found('env-pr-12', 'REQ-12-a1b2'), found('env-pr-13', 'REQ-13-a1b2')];
  expect(compareEnvironments('c', [record, onItsWay], all)).toEqual({ missing: [], unknown: [] });
});

test('what was removed is missing, on its own cluster only', () => {
  expect(compareEnvironments('c', [record], []).missing).toEqual([record]);
  expect(compareEnvironments('d', [record], []).missing).toEqual([]);
});

test('what nobody recorded is unknown, but for what is going', () => {
  const going = found('env-old', 'REQ-3-a1b2', { deletionTimestamp: 'now' });
  const stray = [found('env-stray', 'REQ-99-a1b2'), found('env-bare'), going];
  expect(compareEnvironments('c', [], stray).unknown).toEqual([
    { namespace: 'env-stray', request: 'REQ-99' },
    { namespace: 'env-bare', request: '' },
  ]);
});
