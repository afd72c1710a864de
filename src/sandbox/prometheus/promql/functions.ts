/** PromQL's functions: over the samples of a range, over the buckets of a histogram, and over plain values. */
import { keyOf, type Labels, type Sample, without } from './expression.ts';

/** The samples of one series inside `(end - range, end]`, oldest first. */
export interface Window {
  readonly times: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** From here on, up to and without `to`. */
  readonly from: number;
  readonly to: number;
  readonly endMs: number;
  readonly rangeMs: number;
}

/** Over one range; `undefined` when there are too few samples. */
export const rangeFunctions: Readonly<Record<string, (window: Window) => number | undefined>> = {
  rate: (window) => perSecond(extrapolated(window, true), window),
  increase: (window) => extrapolated(window, true),
  delta: (window) => extrapolated(window, false),
  irate: (window) => lastTwo(window, true),
  idelta: (window) => lastTwo(window, false),
  avg_over_time: (window) => (count(window) === 0 ? undefined : sum(window) / count(window)),
  sum_over_time: (window) => (count(window) === 0 ? undefined : sum(window)),
  count_over_time: (window) => count(window) || undefined,
  min_over_time: (window) => reduce(window, Math.min),
  max_over_time: (window) => reduce(window, Math.max),
  last_over_time: ({ values, from, to }) => (to > from ? values[to - 1] : undefined),
  changes: (window) => steps(window, (before, after) => before !== after),
  resets: (window) => steps(window, (before, after) => after < before),
};

/** One value to one value, with scalars behind it. */
export const valueFunctions: Readonly<Record<string, (value: number, ...scalars: number[]) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  exp: Math.exp,
  sqrt: Math.sqrt,
  ln: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  round: (value, nearest = 1) => Math.floor(value / nearest + 0.5) * nearest,
  clamp: (value, low = Number.NaN, high = Number.NaN) => Math.max(low, Math.min(high, value)),
  clamp_min: (value, low = Number.NaN) => Math.max(low, value),
  clamp_max: (value, high = Number.NaN) => Math.min(high, value),
};

export const functionNames: ReadonlySet<string> = new Set([
  ...Object.keys(rangeFunctions),
  ...Object.keys(valueFunctions),
  ...['histogram_quantile', 'vector', 'scalar', 'time', 'absent', 'sort', 'sort_desc'],
]);

/**
 * Prometheus' own extrapolation (promql/functions.go, extrapolatedRate): the change between first and last sample is
 * stretched to the ends of the range when they are near, and a counter never below zero.
 */
function extrapolated(window: Window, isCounter: boolean): number | undefined {
  const { times, values, from, to, endMs, rangeMs } = window;
  if (to - from < 2) return undefined;
  const [first, last] = [at(values, from), at(values, to - 1)];
  const [firstMs, lastMs] = [at(times, from), at(times, to - 1)];
  let change = last - first;
  if (isCounter) {
    for (let index = from + 1; index < to; index++) {
      if (at(values, index) < at(values, index - 1)) change += at(values, index - 1);
    }
  }
  const spanMs = lastMs - firstMs;
  const betweenMs = spanMs / (to - from - 1);
  let beforeMs = firstMs - (endMs - rangeMs);
  let afterMs = endMs - lastMs;
  if (beforeMs >= betweenMs * 1.1) beforeMs = betweenMs / 2;
  if (isCounter && change > 0 && first >= 0) beforeMs = Math.min(beforeMs, spanMs * (first / change));
  if (afterMs >= betweenMs * 1.1) afterMs = betweenMs / 2;
  return change * ((spanMs + beforeMs + afterMs) / spanMs);
}

function perSecond(change: number | undefined, { rangeMs }: Window): number | undefined {
  return change === undefined ? undefined : change / (rangeMs / 1000);
}

function lastTwo({ times, values, from, to }: Window, isRate: boolean): number | undefined {
  if (to - from < 2) return undefined;
  const [before, last] = [at(values, to - 2), at(values, to - 1)];
  if (!isRate) return last - before;
  const seconds = (at(times, to - 1) - at(times, to - 2)) / 1000;
  return (last < before ? last : last - before) / seconds;
}

function count({ from, to }: Window): number {
  return to - from;
}

function sum({ values, from, to }: Window): number {
  let total = 0;
  for (let index = from; index < to; index++) total += at(values, index);
  return total;
}

function reduce(
  { values, from, to }: Window,
  choose: (one: number, other: number) => number,
): number | undefined {
  if (to === from) return undefined;
  let chosen = at(values, from);
  for (let index = from + 1; index < to; index++) chosen = choose(chosen, at(values, index));
  return chosen;
}

function steps(
  { values, from, to }: Window,
  counts: (before: number, after: number) => boolean,
): number | undefined {
  if (to === from) return undefined;
  let found = 0;
  for (let index = from + 1; index < to; index++) {
    if (counts(at(values, index - 1), at(values, index))) found += 1;
  }
  return found;
}

function at(numbers: ArrayLike<number>, index: number): number {
  return numbers[index] ?? Number.NaN;
}

/** Buckets with the same labels but for `le` are one histogram. */
export function histogramQuantile(quantile: number, buckets: readonly Sample[]): Sample[] {
  const histograms = new Map<string, { labels: Labels; buckets: { le: number; count: number }[] }>();
  for (const { labels, value } of buckets) {
    const le = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le ?? Number.NaN);
    if (Number.isNaN(le)) continue;
    const rest = without(labels, ['le', '__name__']);
    const key = keyOf(rest);
    const histogram = histograms.get(key) ?? { labels: rest, buckets: [] };
    histogram.buckets.push({ le, count: value });
    histograms.set(key, histogram);
  }
  return [...histograms.values()].map(({ labels, buckets }) => ({
    labels,
    value: quantileOf(
      quantile,
      buckets.sort((one, other) => one.le - other.le),
    ),
  }));
}

function quantileOf(quantile: number, buckets: readonly { le: number; count: number }[]): number {
  const total = buckets.at(-1);
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  if (buckets.length < 2 || total?.le !== Number.POSITIVE_INFINITY || !(total.count > 0)) return Number.NaN;
  const rank = quantile * total.count;
  const index = buckets.findIndex(({ count }) => count >= rank);
  const bucket = buckets[index];
  const below = buckets[index - 1];
  if (!bucket) return Number.NaN;
  // Beyond the last bound nothing is known: the bound itself is the answer.
  if (bucket.le === Number.POSITIVE_INFINITY) return below?.le ?? Number.NaN;
  const [start, before] = [below?.le ?? 0, below?.count ?? 0];
  if (bucket.count === before) return bucket.le;
  return start + (bucket.le - start) * ((rank - before) / (bucket.count - before));
}
