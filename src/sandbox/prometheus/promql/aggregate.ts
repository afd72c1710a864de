/** Many series into few: sum, avg, topk and their like, by labels or without them. */
import { type Grouping, keyOf, type Labels, only, type Sample, without } from './expression.ts';

export function aggregate(
  operator: string,
  { isBy, labels }: Grouping,
  samples: readonly Sample[],
  parameter = Number.NaN,
): Sample[] {
  const groups = new Map<string, { labels: Labels; samples: Sample[] }>();
  for (const sample of samples) {
    const kept = isBy ? only(sample.labels, labels) : without(sample.labels, [...labels, '__name__']);
    const key = keyOf(kept);
    const group = groups.get(key) ?? { labels: kept, samples: [] };
    group.samples.push(sample);
    groups.set(key, group);
  }
  const all = [...groups.values()];
  if (operator === 'topk' || operator === 'bottomk') {
    const sign = operator === 'topk' ? -1 : 1;
    const most = Math.max(0, Math.floor(parameter));
    return all.flatMap((group) =>
      group.samples.sort((one, other) => sign * (one.value - other.value)).slice(0, most),
    );
  }
  return all.map((group) => ({
    labels: group.labels,
    value: summary(
      operator,
      group.samples.map(({ value }) => value),
      parameter,
    ),
  }));
}

function summary(operator: string, values: readonly number[], parameter: number): number {
  const sum = values.reduce((total, value) => total + value, 0);
  switch (operator) {
    case 'sum':
      return sum;
    case 'avg':
      return sum / values.length;
    case 'min':
      return Math.min(...values);
    case 'max':
      return Math.max(...values);
    case 'count':
      return values.length;
    case 'group':
      return 1;
    default:
      return quantile(
        parameter,
        values.toSorted((one, other) => one - other),
      );
  }
}

/** Between two neighbours, as Prometheus does (promql/quantile.go). */
function quantile(share: number, sorted: readonly number[]): number {
  if (share < 0) return Number.NEGATIVE_INFINITY;
  if (share > 1) return Number.POSITIVE_INFINITY;
  const rank = share * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? Number.NaN;
  const high = sorted[Math.ceil(rank)] ?? Number.NaN;
  return low + (high - low) * (rank - Math.floor(rank));
}
