import { describe, expect, test } from 'vitest';
import { createEvaluation, type Scraped } from '../../../src/sandbox/prometheus/promql/evaluate.ts';
import { parseQuery } from '../../../src/sandbox/prometheus/promql/parse.ts';

/** A sample every ten seconds, from 0 on. */
const series = (labels: Record<string, string>, values: number[]): Scraped => ({
  labels,
  times: values.map((_, index) => index * 10_000),
  values,
});
const stored = [
  series({ __name__: 'a', x: '1', z: 'p' }, [0, 10, 20, 30, 40, 50, 60]),
  series({ __name__: 'a', x: '2', z: 'p' }, [0, 5, 10, 0, 5, 10, 15]),
  series({ __name__: 'b', x: '1' }, [2, 2, 2, 2, 2, 2, 2]),
  ...[
    ['0.1', 10],
    ['1', 30],
    ['+Inf', 40],
  ].map(([le, count]) => series({ __name__: 'h', le: String(le) }, [0, 0, 0, 0, 0, 0, Number(count)])),
];

/** At 60 s; each series as its labels and value. */
function run(query: string): unknown {
  const at = { startMs: 60_000, endMs: 60_000 };
  const evaluate = createEvaluation(parseQuery(query), at, (matchers) =>
    stored.filter(({ labels }) =>
      matchers.every(({ label, operator, value }) => {
        const form = new RegExp(`^(?:${value})$`);
        const isEqual = operator.includes('~')
          ? form.test(labels[label] ?? '')
          : (labels[label] ?? '') === value;
        return operator.startsWith('!') ? !isEqual : isEqual;
      }),
    ),
  );
  const value = evaluate(60_000);
  return value.kind === 'scalar'
    ? value.value
    : value.samples.map(({ labels, value: number }) => [labels, number]);
}

const one = (x: string) => ({ x, z: 'p' });

describe('what a query means', () => {
  test.each([
    // Hand-made after Prometheus' rules: the newest sample, counters that fall were begun anew, ends extrapolated.
    ['a{x="1"}', [[{ __name__: 'a', ...one('1') }, 60]]],
    ['a{x!="1"}', [[{ __name__: 'a', ...one('2') }, 15]]],
    ['rate(a{x="1"}[40s])', [[one('1'), 1]]],
    ['increase(a{x="2"}[40s])', [[one('2'), 15]]],
    ['irate(a{x=~"1|3"}[40s])', [[one('1'), 1]]],
    ['delta(a{x="2"}[40s])', [[one('2'), 20]]],
    ['resets(a{x="2"}[2m])', [[one('2'), 1]]],
    ['avg_over_time(a{x="1"}[30s])', [[one('1'), 50]]],
    ['max_over_time(a{x="1"}[1m] offset 20s)', [[one('1'), 40]]],
    ['sum(a)', [[{}, 75]]],
    ['sum by (z) (a)', [[{ z: 'p' }, 75]]],
    ['avg without (x) (a)', [[{ z: 'p' }, 37.5]]],
    ['topk(1, a)', [[{ __name__: 'a', ...one('1') }, 60]]],
    ['quantile(0.5, a)', [[{}, 37.5]]],
    ['count(a) + 1', [[{}, 3]]],
    ['a / on(x) b', [[{ x: '1' }, 30]]],
    ['a - ignoring(z) b', [[{ x: '1' }, 58]]],
    ['a > 20', [[{ __name__: 'a', ...one('1') }, 60]]],
    [
      'a > bool 20',
      [
        [one('1'), 1],
        [one('2'), 0],
      ],
    ],
    [
      'b or a{x="2"}',
      [
        [{ __name__: 'b', x: '1' }, 2],
        [{ __name__: 'a', ...one('2') }, 15],
      ],
    ],
    ['a and on(x) b', [[{ __name__: 'a', ...one('1') }, 60]]],
    ['a unless on(x) b', [[{ __name__: 'a', ...one('2') }, 15]]],
    ['nothing or vector(0)', [[{}, 0]]],
    ['absent(nothing{x="1"})', [[{ x: '1' }, 1]]],
    ['-b', [[{ x: '1' }, -2]]],
    ['clamp_max(a{x="1"}, 7)', [[one('1'), 7]]],
    ['round(b / 3, 0.5)', [[{ x: '1' }, 0.5]]],
    ['scalar(b) * 2 ^ 3', 16],
    ['1h / 60', 60],
    ['histogram_quantile(0.5, h)', [[{}, 0.55]]],
    ['histogram_quantile(0.25, h)', [[{}, 0.1]]],
    ['histogram_quantile(0.99, h)', [[{}, 1]]],
  ])('%s', (query, expected) => {
    expect(run(query)).toEqual(expected);
  });
});
