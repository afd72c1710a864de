import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Problem, ProblemError } from '../../../src/core/problem.ts';
import { connectPrometheus } from '../../../src/platforms/prometheus/connect.ts';
import { prometheusWorld, startAt, token } from '../../sandbox/prometheus/world.ts';
import { elsewhere } from '../elsewhere.ts';

async function world() {
  const sandbox = await prometheusWorld();
  return { ...sandbox, metrics: connectPrometheus({ url: sandbox.box.url, token }) };
}

/** A server that answers everything with this. */
async function answering(status: number, body: string, headers: Record<string, string> = {}) {
  const seen: { url: string; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', authorization: request.headers.authorization });
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, seen, metrics: connectPrometheus({ url: `${url}/prometheus/`, token: 'top-secret-token' }) };
}

async function problemOf(asking: Promise<unknown>): Promise<Problem> {
  try {
    await asking;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('it was answered');
}

const hour = { from: startAt - 3_600_000, to: startAt, stepMs: 60_000 };

test('a span comes as points in milliseconds, a moment as one of them', async () => {
  const { metrics } = await world();
  const query = 'sum by (namespace) (rate(http_requests_total{namespace=~"payments-.*"}[5m]))';
  const { series, warnings } = await metrics.range(query, hour);
  expect(warnings).toEqual([]);
  expect(series.map(({ labels }) => labels.namespace).sort()).toEqual([
    'payments-production',
    'payments-staging',
  ]);
  expect(series[0]?.points).toHaveLength(61);
  expect(series[0]?.points[0]?.at).toBe(hour.from);
  expect(await metrics.instant('2 + 2', startAt)).toMatchObject({
    series: [{ points: [{ at: startAt, value: 4 }] }],
  });
});

test('what is no number is left out, and nothing at all is an empty answer', async () => {
  const { metrics } = await world();
  for (const query of ['0 / 0', '1 / 0', '-1 / 0']) {
    expect((await metrics.instant(query, startAt)).series, query).toEqual([{ labels: {}, points: [] }]);
  }
  expect((await metrics.instant('nothing_at_all', startAt)).series).toEqual([]);
});

test('the path of a proxy is kept, the token goes into the header alone', async () => {
  const { metrics, seen } = await answering(
    200,
    '{"status":"success","data":{"resultType":"vector","result":[]}}',
  );
  await metrics.instant('up', startAt);
  expect(seen).toEqual([
    {
      url: expect.stringMatching(/^\/prometheus\/api\/v1\/query\?query=up&time=/),
      authorization: 'Bearer top-secret-token',
    },
  ]);
  expect(seen[0]?.url).not.toContain('secret');
});

test('an answer that is not whole says so', async () => {
  const body = {
    status: 'success',
    data: { resultType: 'matrix', result: [] },
    warnings: ['a store is away'],
  };
  const { metrics } = await answering(200, JSON.stringify(body));
  expect(await metrics.range('up', hour)).toEqual({ series: [], warnings: ['a store is away'] });
});

describe('whatever goes wrong is a sentence with a next step, and never the token', () => {
  const error = (errorType: string, words = 'it is so') =>
    JSON.stringify({ status: 'error', errorType, error: words });
  test.each([
    [
      400,
      error('bad_data', '1:3: parse error'),
      'Prometheus cannot read the query: 1:3: parse error.',
      false,
    ],
    [422, error('execution'), 'Prometheus cannot carry out the query: it is so.', false],
    [503, error('timeout'), 'Prometheus gave up: the query took too long.', true],
    [401, 'Unauthorized', 'Prometheus does not accept the token of Greenlight.', false],
    [403, '<html>', 'The token of Greenlight may not ask this of Prometheus.', false],
    [404, 'not found', 'There is no Prometheus API at the address that Greenlight was given.', false],
    [429, '', 'Prometheus has too much to do just now.', true],
    [502, '<html>bad gateway', 'Prometheus answered with an error (502).', true],
    [418, '{}', 'Prometheus answered with an error (418).', false],
    [
      200,
      '<html>sign in</html>',
      'What answers at the address of Prometheus is not its API, or broke off half-way.',
      true,
    ],
    [200, '{"status":"success","data":{"resultType":"matrix","resu', 'What answers at the address', true],
  ])('%d %s', async (status, body, sentence, isTransient) => {
    const { metrics } = await answering(status, body, { 'retry-after': '7' });
    const found = await problemOf(metrics.instant('up', startAt));
    expect(found.sentence).toContain(sentence);
    expect(found.next).toMatch(/\.$/);
    expect(found.isTransient ?? false).toBe(isTransient);
    expect(JSON.stringify(found)).not.toContain('secret');
    if (status === 429) expect(found.retryAfterMs).toBe(7_000);
  });

  test('a redirect is not followed: neither the question nor the token goes there', async () => {
    const other = await elsewhere({ status: 'success', data: { resultType: 'vector', result: [] } });
    const { metrics, seen } = await answering(302, '', { location: other.url });
    expect((await problemOf(metrics.instant('up', startAt))).code).toBe('outside_unavailable');
    expect(seen).toHaveLength(1);
    expect(other.arrived).toEqual([]);
  });

  test('one that is away is named, and so is one that breaks off', async () => {
    const { metrics, faults } = await world();
    faults.add({ box: 'prometheus', operation: '*', fault: { kind: 'reset' }, times: 1 });
    expect((await problemOf(metrics.instant('up', startAt))).sentence).toContain('broke off the connection');
    const away = connectPrometheus({ url: 'http://127.0.0.1:1' });
    expect((await problemOf(away.instant('up', startAt))).sentence).toMatch(/Prometheus (refuses|could not)/);
  });
});

describe('a question has its bounds', () => {
  test.each([
    ['more points than a picture shows', { ...hour, stepMs: 1_000 }],
    ['a year', { ...hour, from: startAt - 365 * 86_400_000, stepMs: 86_400_000 }],
    ['a span that ends before it begins', { ...hour, to: hour.from - 1 }],
  ])('%s', async (_what, span) => {
    const { metrics, seen } = await answering(200, '');
    expect((await problemOf(metrics.range('up', span))).code).toBe('bad_input');
    expect(seen).toEqual([]);
  });

  test('a query of a book, an answer of a library, a line for every Pod', async () => {
    const { metrics } = await answering(200, 'x'.repeat(5 * 1024 * 1024));
    expect((await problemOf(metrics.instant('x'.repeat(5_000), startAt))).sentence).toBe(
      'The question is too large.',
    );
    expect((await problemOf(metrics.instant('up', startAt))).sentence).toBe('The answer is too large.');
    const result = Array.from({ length: 51 }, (_, pod) => ({
      metric: { pod: String(pod) },
      value: [1, '1'],
    }));
    const many = await answering(
      200,
      JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }),
    );
    expect((await problemOf(many.metrics.instant('up', startAt))).sentence).toBe(
      'The number of series is too large.',
    );
  });
});
