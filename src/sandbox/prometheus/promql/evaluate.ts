/** Runs a query at one moment or at many. Samples are fetched once for all of its moments. */
import { aggregate } from './aggregate.ts';
import {
  type Expression,
  type Labels,
  type Matcher,
  QueryError,
  type Sample,
  type Selector,
  type Value,
  without,
} from './expression.ts';
import { histogramQuantile, rangeFunctions, valueFunctions } from './functions.ts';
import { operate } from './operators.ts';

/** What was scraped of one series, oldest first. */
export interface Scraped {
  readonly labels: Labels;
  readonly times: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** Everything that matches, between two moments in milliseconds. */
export type Fetch = (matchers: readonly Matcher[], fromMs: number, toMs: number) => readonly Scraped[];

/** How old a sample may be to count as the newest (Prometheus' flag query.lookback-delta). */
export const lookbackMs = 300_000;

export interface Moments {
  readonly startMs: number;
  readonly endMs: number;
}

/** @throws QueryError for what has the wrong type, or cannot be carried out. */
export function createEvaluation(
  expression: Expression,
  moments: Moments,
  fetch: Fetch,
): (atMs: number) => Value {
  const fetched = new Map<Selector, readonly Scraped[]>();

  function scraped(selector: Selector): readonly Scraped[] {
    const known = fetched.get(selector);
    if (known) return known;
    const { rangeMs = lookbackMs, offsetMs } = selector;
    const found = fetch(selector.matchers, moments.startMs - offsetMs - rangeMs, moments.endMs - offsetMs);
    fetched.set(selector, found);
    return found;
  }

  function windows(selector: Selector, atMs: number) {
    const { rangeMs = lookbackMs, offsetMs } = selector;
    const endMs = atMs - offsetMs;
    return scraped(selector).map(({ labels, times, values }) => {
      const from = firstAfter(times, endMs - rangeMs);
      return { labels, window: { times, values, from, to: firstAfter(times, endMs), endMs, rangeMs } };
    });
  }

  function run(of: Expression, atMs: number): Value {
    switch (of.kind) {
      case 'number':
        return { kind: 'scalar', value: of.value };
      case 'string':
        throw wrongType('expected a vector or a scalar, got a string');
      case 'selector':
        if (of.rangeMs !== undefined) throw wrongType('expected an instant vector, got a range vector');
        return {
          kind: 'vector',
          samples: windows(of, atMs).flatMap(({ labels, window: { values, from, to } }) =>
            to > from ? [{ labels, value: values[to - 1] ?? Number.NaN }] : [],
          ),
        };
      case 'call':
        return call(of.name, of.args, atMs);
      case 'aggregate': {
        const parameter = of.parameter && scalarOf(run(of.parameter, atMs));
        const samples = aggregate(of.operator, of.grouping, vectorOf(run(of.of, atMs)), parameter);
        return { kind: 'vector', samples };
      }
      case 'binary':
        return operate(of, run(of.left, atMs), run(of.right, atMs));
    }
  }

  function call(name: string, args: readonly Expression[], atMs: number): Value {
    const [first, ...rest] = args;
    const overRange = rangeFunctions[name];
    if (name === 'time') return { kind: 'scalar', value: atMs / 1000 };
    if (!first) throw wrongType(`expected 1 argument(s) in call to "${name}", got 0`);
    if (overRange) {
      if (first.kind !== 'selector' || first.rangeMs === undefined || rest.length > 0) {
        throw wrongType(`expected type range vector in call to function "${name}", got instant vector`);
      }
      return vector(
        windows(first, atMs).flatMap(({ labels, window }) => {
          const value = overRange(window);
          const kept = name === 'last_over_time' ? labels : without(labels, ['__name__']);
          return value === undefined ? [] : [{ labels: kept, value }];
        }),
      );
    }
    const value = run(first, atMs);
    const overValue = valueFunctions[name];
    if (overValue) {
      const scalars = rest.map((one) => scalarOf(run(one, atMs)));
      return vector(
        vectorOf(value).map((sample) => ({
          labels: without(sample.labels, ['__name__']),
          value: overValue(sample.value, ...scalars),
        })),
      );
    }
    switch (name) {
      case 'histogram_quantile': {
        const [buckets] = rest;
        if (!buckets) throw wrongType('expected 2 argument(s) in call to "histogram_quantile", got 1');
        return vector(histogramQuantile(scalarOf(value), vectorOf(run(buckets, atMs))));
      }
      case 'vector':
        return vector([{ labels: {}, value: scalarOf(value) }]);
      case 'scalar': {
        const samples = vectorOf(value);
        return {
          kind: 'scalar',
          value: samples.length === 1 ? (samples[0]?.value ?? Number.NaN) : Number.NaN,
        };
      }
      case 'absent':
        return vector(vectorOf(value).length > 0 ? [] : [{ labels: equalLabels(first), value: 1 }]);
      default: {
        const sign = name === 'sort' ? 1 : -1;
        return vector(vectorOf(value).toSorted((one, other) => sign * (one.value - other.value)));
      }
    }
  }

  return (atMs) => run(expression, atMs);
}

/** The index of the first sample later than `ms`. */
function firstAfter(times: ArrayLike<number>, ms: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

function vector(samples: readonly Sample[]): Value {
  return { kind: 'vector', samples };
}

function vectorOf(value: Value): readonly Sample[] {
  if (value.kind === 'vector') return value.samples;
  throw wrongType('expected type instant vector, got scalar');
}

function scalarOf(value: Value): number {
  if (value.kind === 'scalar') return value.value;
  throw wrongType('expected type scalar, got instant vector');
}

/** What `absent` knows of a series that is not there. */
function equalLabels(of: Expression): Labels {
  if (of.kind !== 'selector') return {};
  const known = of.matchers.filter(({ label, operator }) => operator === '=' && label !== '__name__');
  return Object.fromEntries(known.map(({ label, value }) => [label, value]));
}

function wrongType(what: string): QueryError {
  return new QueryError('bad_data', `invalid parameter "query": parse error: ${what}`);
}
