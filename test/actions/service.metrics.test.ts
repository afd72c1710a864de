import { describe, expect, test } from 'vitest';
import { metricsLine } from '../../src/actions/service/metrics-line.ts';
import metrics from '../../src/actions/service.metrics.ts';
import type { Answer, ReadContext } from '../../src/core/action.ts';
import type { Deployment, Forge } from '../../src/core/forge.ts';
import type { MetricAnswer, Metrics } from '../../src/core/metrics.ts';
import { type Problem, ProblemError, problem } from '../../src/core/problem.ts';
import { catalog } from '../approvals/shipped.ts';

const none: MetricAnswer = { series: [], warnings: [] };

/** A Prometheus that knows these numbers, found by a word of the query; anything else it does not know. */
function scripted(numbers: Readonly<Record<string, number | Problem>>, more: Partial<MetricAnswer> = {}) {
  const asked: string[] = [];
  const find = (query: string) => {
    asked.push(query);
    const [, found] = Object.entries(numbers).find(([word]) => query.includes(word)) ?? [];
    if (typeof found === 'object') throw new ProblemError(found);
    return found;
  };
  const port: Metrics = {
    range: async (query, { from, to, stepMs }) => {
      const value = find(query);
      if (value === undefined) return none;
      const points = [];
      for (let at = from; at <= to; at += stepMs) points.push({ at, value });
      return { series: [{ labels: {}, points }], warnings: [], ...more };
    },
    instant: async (query, at) => {
      const value = find(query);
      return value === undefined
        ? none
        : { series: [{ labels: {}, points: [{ at, value }] }], warnings: [], ...more };
    },
  };
  return { port, asked };
}

const well = {
  histogram_quantile: 0.18,
  'code=~"5..",': 0.0005,
  'code=~"5.."': 0.0005,
  container_cpu: 0.3,
  container_memory: 0.5,
  http_requests_total: 12,
};

const now = Date.UTC(2026, 10, 18, 9);

/** What the action answers when these are all that the outside has. */
function ask(
  port: Metrics | undefined,
  input: Record<string, unknown>,
  deployments: () => Promise<Partial<Deployment>[]> = async () => [],
): Promise<Answer> {
  if (metrics.effect !== 'read') throw new Error('it only reads');
  const forge = { deployments } as Partial<Forge>;
  const context = { catalog, now, forge, ...(port && { metrics: port }) } as Partial<ReadContext>;
  return metrics.answer(metrics.input.parse(input), context as ReadContext);
}

const valuesOf = (answer: Answer) =>
  Object.fromEntries(
    answer.sections.flatMap(({ fields }) => fields.map(({ label, value }) => [label, value])),
  );

describe('the numbers of a service', () => {
  test('in words, side by side, and as four charts with their budget', async () => {
    const answer = await ask(scripted(well).port, { service: 'payments', environment: 'production' });
    expect(answer.title).toBe('payments in production, last 1h');
    expect(answer.sentence).toBe(
      'payments now: requests 12/s, errors 0.05 %, p50 180 ms, p95 180 ms, CPU 30 %, memory 50 %. ' +
        '50 % of the error budget is left (99.9 % over 30d); it is not used up faster than planned.',
    );
    expect(answer.mood).toBe('good');
    expect(valuesOf(answer)).toMatchObject({
      Traffic: '12/s now, 12/s to 12/s',
      'Latency, p99': expect.any(String),
    });
    expect(answer.charts).toMatchObject({ name: 'payments-production-1h.png', zone: 'Europe/Berlin' });
    expect(answer.charts?.charts.map(({ title }) => title)).toEqual([
      'Traffic',
      'Errors',
      'Latency',
      'Saturation',
    ]);
    expect(answer.charts?.charts[0]?.lines[0]?.points).toHaveLength(61);
  });

  test('deploys of that time that worked are marked, oldest first', async () => {
    const minutes = (ago: number, ref: string, state: Deployment['state']) => ({
      at: now - ago * 60_000,
      ref,
      state,
    });
    const answer = await ask(scripted(well).port, { service: 'payments' }, async () => [
      minutes(10, 'v3', 'success'),
      minutes(20, 'v2', 'failure'),
      minutes(30, 'v1', 'inactive'),
      minutes(300, 'v0', 'inactive'),
    ]);
    expect(answer.charts?.charts[2]?.marks.map(({ label }) => label)).toEqual(['v1', 'v3']);
  });

  test.each([
    [{ service: 'payments' }, 'payments in production, last 1h'],
    [{ service: 'payments', environment: '24h' }, 'payments in production, last 24h'],
    [{ service: 'payments', environment: 'staging', span: '24h' }, 'payments in staging, last 24h'],
  ])('%j is %s', async (input, title) => {
    const answer = await ask(scripted(well).port, input);
    expect(answer.title).toBe(title);
  });

  test('an error budget that is used up is bad, whatever the numbers are now', async () => {
    const spent = { '[2592000s]': 0.002, ...well };
    expect(await ask(scripted(spent).port, { service: 'payments' })).toMatchObject({
      mood: 'bad',
      sentence: expect.stringContaining('The error budget is used up (99.9 % over 30d)'),
    });
  });
});

describe('bad days', () => {
  const away = problem('outside_unavailable', 'Prometheus refuses connections.', 'Try again in a moment.');

  test('what fails is never called well: without an objective, or before the budget is used up', async () => {
    const failing = { ...well, 'code=~"5..",': 0.95, 'code=~"5.."': 0.95 };
    expect(await ask(scripted(failing).port, { service: 'search' })).toMatchObject({
      mood: 'bad',
      sentence: expect.stringMatching(/^95 % of the requests to search fail/),
    });
    // Nobody has said how many errors are too many, so it is not called well either.
    expect((await ask(scripted(well).port, { service: 'search' })).mood).toBeUndefined();
  });

  test('without a Prometheus it says whom to ask', async () => {
    await expect(ask(undefined, { service: 'payments' })).rejects.toMatchObject({
      problem: {
        sentence: expect.stringContaining('connected to no Prometheus'),
        next: expect.stringContaining('PROMETHEUS_URL'),
      },
    });
  });

  test('one that is away is a sentence, not an empty chart', async () => {
    const answer = await ask(scripted({ '': away }).port, { service: 'payments' });
    expect(answer).toMatchObject({
      mood: 'unknown',
      sentence: 'Prometheus refuses connections. Try again in a moment.',
    });
  });

  test('half an answer is half a picture, and says of the rest why it is not there', async () => {
    const answer = await ask(scripted({ ...well, histogram_quantile: away }).port, { service: 'search' });
    expect(answer.sentence).toContain('requests 12/s');
    expect(answer.charts?.charts[2]).toMatchObject({ lines: [], gap: 'Prometheus refuses connections.' });
    expect(answer.sections.find(({ title }) => title === 'Latency')).toMatchObject({
      mood: 'unknown',
      lines: ['Prometheus refuses connections.'],
    });
  });

  test('where nothing matches, the query is shown', async () => {
    const answer = await ask(scripted({}).port, { service: 'search' });
    expect(answer.sentence).toBe(
      'Prometheus has no numbers of search: is the label right? The queries are below.',
    );
    expect(answer.sections[0]).toMatchObject({
      lines: ['No data: is the label right?'],
      verbatim: [expect.stringContaining('namespace="search-production",service="search"')],
    });
  });

  test('a server that is behind, one that is not whole, and GitHub that is away are each told', async () => {
    const { port } = scripted(well, { warnings: ['a store is away'] });
    const old: Metrics = {
      ...port,
      range: (query, span) =>
        port.range(query, { ...span, from: span.from - 900_000, to: span.to - 900_000 }),
    };
    const answer = await ask(old, { service: 'payments' }, async () => {
      throw new ProblemError(problem('outside_unavailable', 'GitHub is away.', 'Wait.'));
    });
    expect(answer.sections.at(-1)?.lines).toEqual([
      'The newest number is 15m old: Prometheus is behind, or a clock is wrong.',
      'Deploys cannot be marked: GitHub is away.',
      'Prometheus says that its answer is not whole: a store is away',
    ]);
  });
});

describe('in one line, for a status', () => {
  const line = (port: Metrics | undefined) => {
    const context = {
      catalog,
      now: 0,
      ...(port && { metrics: port }),
    } as Partial<ReadContext> as ReadContext;
    return metricsLine({ service: 'payments', environment: 'staging' }, context);
  };
  const away = problem('outside_unavailable', 'Prometheus refuses connections.', 'Try again in a moment.');

  test('it has the three that tell most, and nothing where nothing is configured', async () => {
    expect(await line(scripted(well).port)).toBe('12/s, 0.05 % errors, p95 180 ms');
    expect(await line(scripted({}).port)).toBe('Prometheus has no numbers of it.');
    expect(await line(scripted({ '': away }).port)).toBe(
      'Numbers are not to be had: Prometheus refuses connections.',
    );
    expect(await line(undefined)).toBeUndefined();
  });
});
