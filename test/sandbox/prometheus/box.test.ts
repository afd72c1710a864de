import { describe, expect, test } from 'vitest';
import { prometheusWorld, startAt, token } from './world.ts';

const errors = (namespace: string) =>
  `sum(rate(http_requests_total{namespace="${namespace}",code="500"}[5m])) / sum(rate(http_requests_total{namespace="${namespace}"}[5m]))`;
const median = (namespace: string) =>
  `histogram_quantile(0.5, sum by (le) (rate(http_request_duration_seconds_bucket{namespace="${namespace}"}[5m])))`;

describe('numbers follow from the world', () => {
  test('what crashes fails, what is well does not', async () => {
    const { value } = await prometheusWorld();
    expect(await value(errors('search-staging'))).toBeGreaterThan(0.5);
    expect(await value(errors('payments-production'))).toBeLessThan(0.002);
    expect(await value('up{namespace="search-staging"}')).toBe(0);
  });

  test('a deploy is a step in latency, with a short burst of errors', async () => {
    const { value, cluster, clock } = await prometheusWorld();
    const before = await value(median('payments-production'));
    const image = 'registry.acme.example/payments:1.4.2';
    const place = { namespace: 'payments-production', deployment: 'payments' };
    cluster.control.setImage({ ...place, image, version: '1.4.2' });
    await clock.advance(120_000);
    expect(await value(errors('payments-production'))).toBeGreaterThan(0.004);
    await clock.advance(600_000);
    expect(await value(errors('payments-production'))).toBeLessThan(0.002);
    expect(Math.abs((await value(median('payments-production'))) / before - 1)).toBeGreaterThan(0.02);
  });

  test('traffic has its day and its night, and Pods of yesterday are still known', async () => {
    const { value, ask, cluster, clock } = await prometheusWorld();
    const traffic = 'sum(rate(http_requests_total{namespace="payments-production"}[5m]))';
    const query = 'sum(rate(http_requests_total{namespace="payments-production"}[5m] offset 8h))';
    expect(await value(query)).toBeLessThan(0.6 * (await value(traffic)));
    const pods = async () =>
      ((await ask('label/pod/values', { 'match[]': '{namespace="payments-staging"}' })).body.data as string[])
        .length;
    const image = 'registry.acme.example/payments:1.4.2';
    cluster.control.setImage({ namespace: 'payments-staging', deployment: 'payments', image });
    await clock.advance(60_000);
    expect(await pods()).toBe(2);
  });

  test('the same world says the same, and a reset begins anew', async () => {
    const [one, other] = [await prometheusWorld(), await prometheusWorld()];
    const query = 'sum(increase(http_requests_total[1h]))';
    expect(await one.value(query)).toBe(await other.value(query));
    one.cluster.control.setImage({
      namespace: 'payments-staging',
      deployment: 'payments',
      image: 'x',
      version: '9',
    });
    await one.cluster.reset();
    expect(await one.value(query)).toBe(await other.value(query));
  });
});

describe('it speaks as Prometheus does', () => {
  test('without its token it says nothing', async () => {
    const { box } = await prometheusWorld();
    for (const authorization of ['', 'Bearer wrong', token]) {
      expect((await fetch(`${box.url}/api/v1/query?query=up`, { headers: { authorization } })).status).toBe(
        401,
      );
    }
  });

  test('values are text, moments are seconds, a form in the body is taken', async () => {
    const { box, ask } = await prometheusWorld();
    const at = startAt / 1000;
    expect(await ask('query', { query: '1 + 2 * 3' })).toEqual({
      status: 200,
      body: { status: 'success', data: { resultType: 'scalar', result: [at, '7'] } },
    });
    const posted = await fetch(`${box.url}/api/v1/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: new URLSearchParams({ query: '1 / 0', time: '2026-11-18T09:00:00Z' }),
    });
    expect(await posted.json()).toMatchObject({ data: { result: [at, '+Inf'] } });
    const range = await ask('query_range', {
      query: 'time()',
      start: String(at - 120),
      end: String(at),
      step: '1m',
    });
    const values = [at - 120, at - 60, at].map((one) => [one, String(one)]);
    expect(range.body).toMatchObject({ data: { resultType: 'matrix', result: [{ metric: {}, values }] } });
  });

  const refusals = [
    [
      'query',
      { query: 'sum(up' },
      'bad_data',
      'invalid parameter "query": 1:7: parse error: unexpected end of input',
    ],
    ['query', { query: 'rate(up)' }, 'bad_data', 'expected type range vector in call to function "rate"'],
    ['query', { query: '{x=""}' }, 'bad_data', 'must contain at least one non-empty matcher'],
    ['query', { query: 'up{job=~"("}' }, 'bad_data', 'error parsing regexp'],
    ['query', { query: 'up[5m:1m]' }, 'bad_data', '1:1: the sandbox does not know subqueries'],
    [
      'query',
      { query: 'predict_linear(up[5m], 3600)' },
      'bad_data',
      'does not know the function predict_linear()',
    ],
    ['query', { query: 'up * on(job) group_left up' }, 'bad_data', 'does not know group_left'],
    ['query', { query: 'up + on(nothing) up' }, 'execution', 'found duplicate series for the match group'],
    ['query', { query: 'up', time: 'soon' }, 'bad_data', 'invalid parameter "time": cannot parse "soon"'],
    [
      'query_range',
      { query: 'up', start: '9', end: '1', step: '1' },
      'bad_data',
      'must not be before start time',
    ],
    [
      'query_range',
      { query: 'up', start: '0', end: '99999', step: '1' },
      'bad_data',
      'maximum resolution of 11,000',
    ],
    [
      'query_range',
      { query: 'up', start: '0', end: '1', step: '0' },
      'bad_data',
      'zero or negative query resolution',
    ],
    ['series', {}, 'bad_data', 'no match[] parameter provided'],
  ] as const;
  test('what it cannot do it refuses, in the form of every error, with the place', async () => {
    const { ask } = await prometheusWorld();
    for (const [path, parameters, errorType, error] of refusals) {
      expect(await ask(path, parameters)).toEqual({
        status: errorType === 'execution' ? 422 : 400,
        body: { status: 'error', errorType, error: expect.stringContaining(error) },
      });
    }
  });

  test('labels, their values and series can be listed', async () => {
    const { ask } = await prometheusWorld();
    expect((await ask('labels', {})).body.data).toEqual(
      expect.arrayContaining(['__name__', 'namespace', 'le']),
    );
    expect((await ask('label/service/values', {})).body.data).toEqual(['checkout', 'payments', 'search']);
    const { body } = await ask('series', { 'match[]': 'up{namespace="payments-staging"}' });
    expect(body.data).toEqual([
      {
        ...{ __name__: 'up', namespace: 'payments-staging', service: 'payments', job: 'payments' },
        instance: 'payments.payments-staging:8080',
      },
    ]);
  });
});

test('no counter ever falls while its service lives', async () => {
  const { value } = await prometheusWorld();
  expect(await value('max(resets({__name__=~"http_.+_(total|bucket|count|sum)"}[1d]))')).toBe(0);
});
