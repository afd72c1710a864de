/** What lies in the storage: samples at the times of each target's scrapes, and never one of the future. */

import type { Scraped } from '../promql/evaluate.ts';
import { type Labels, type Matcher, QueryError } from '../promql/expression.ts';
import { pattern } from '../promql/parse.ts';
import { chanceOf } from './behaviour.ts';
import type { Series } from './series.ts';

export const scrapeMs = 30_000;
/** How far back samples are kept (Prometheus' flag storage.tsdb.retention.time). */
export const retentionMs = 60 * 86_400_000;
/** Of one query, as Prometheus' flag query.max-samples, but of a box on a laptop. */
const samplesMax = 4_000_000;

export function matching(series: readonly Series[], matchers: readonly Matcher[]): Series[] {
  const tests = matchers.map(testOf);
  return series.filter(({ labels }) => tests.every((test) => test(labels)));
}

/** @throws QueryError `execution` when that would be too many samples. */
export function scrape(found: readonly Series[], fromMs: number, toMs: number, nowMs: number): Scraped[] {
  const from = Math.max(fromMs, nowMs - retentionMs);
  const to = Math.min(toMs, nowMs);
  if (found.length * Math.max(0, (to - from) / scrapeMs) > samplesMax) {
    throw new QueryError(
      'execution',
      'query processing would load too many samples into memory in query execution',
    );
  }
  return found.flatMap((one) => {
    const offset = Math.floor(chanceOf(one.labels.instance ?? one.labels.pod ?? '') * scrapeMs);
    const first = Math.ceil((Math.max(from, one.from) - offset) / scrapeMs) * scrapeMs + offset;
    const last = Math.min(to, one.to ?? to);
    const length = Math.max(0, Math.floor((last - first) / scrapeMs) + 1);
    if (length === 0) return [];
    const times = new Float64Array(length);
    const values = new Float64Array(length);
    for (let index = 0; index < length; index++) {
      const ms = first + index * scrapeMs;
      times[index] = ms;
      values[index] = one.at(ms);
    }
    return [{ labels: one.labels, times, values }];
  });
}

function testOf({ label, operator, value }: Matcher): (labels: Labels) => boolean {
  const form = operator.includes('~') ? pattern(value) : undefined;
  const isWanted = !operator.startsWith('!');
  // A label that is not there is an empty one.
  return (labels) => (form ? form.test(labels[label] ?? '') : (labels[label] ?? '') === value) === isWanted;
}
