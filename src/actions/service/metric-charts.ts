/** Four charts of a service: traffic, errors, latency and saturation, with the deploys of that time. */
import type { ReadContext } from '../../core/action.ts';
import type { Chart, ChartLine, ChartMark, ChartUnit } from '../../core/chart.ts';
import { formatDuration, minuteMs } from '../../core/duration.ts';
import type { MetricSpan } from '../../core/metrics.ts';
import { problemFrom } from '../../core/problem.ts';
import type { MetricKind } from '../../core/service-metrics.ts';
import { type AskedPlace, type Gauge, type Measured, usualWindow } from './measure.ts';
import { placeOf } from './place.ts';

export interface MeasuredChart {
  readonly chart: Chart;
  readonly lines: readonly { readonly name: string; readonly measured: Measured }[];
}

interface Plan {
  readonly title: string;
  readonly unit: ChartUnit;
  readonly lines: readonly { readonly name: string; readonly kind: MetricKind; readonly quantile?: number }[];
}

const plans: readonly Plan[] = [
  { title: 'Traffic', unit: 'perSecond', lines: [{ name: 'requests', kind: 'traffic' }] },
  { title: 'Errors', unit: 'ratio', lines: [{ name: 'errors', kind: 'errors' }] },
  {
    title: 'Latency',
    unit: 'seconds',
    lines: [0.5, 0.95, 0.99].map((quantile) => ({ name: `p${quantile * 100}`, kind: 'latency', quantile })),
  },
  {
    title: 'Saturation',
    unit: 'ratio',
    lines: [
      { name: 'CPU', kind: 'cpu' },
      { name: 'memory', kind: 'memory' },
    ],
  },
];

export function measureCharts(
  gauge: Gauge,
  span: MetricSpan,
  marks: readonly ChartMark[],
): Promise<readonly MeasuredChart[]> {
  return Promise.all(
    plans.map(async ({ title, unit, lines }) => {
      const asked = await Promise.all(
        lines.map(async ({ name, kind, quantile }) => ({
          name,
          measured: await gauge.over(kind, span, quantile),
        })),
      );
      const { from, to } = span;
      const drawn = asked.map(({ name, measured }) => lineOf(name, measured, span));
      const gap = gapOf(asked.map(({ measured }) => measured));
      return {
        chart: { title, unit, from, to, ...(gap === undefined ? { lines: drawn, marks } : empty(gap)) },
        lines: asked,
      };
    }),
  );
}

function empty(gap: string) {
  return { lines: [], marks: [], gap };
}

/** Three points may be missing before a line is lifted: a scrape is lost now and then. */
function lineOf(name: string, measured: Measured, { stepMs }: MetricSpan): ChartLine {
  const points = 'answer' in measured ? (measured.answer.series[0]?.points ?? []) : [];
  return { name, points, gapMs: 3 * stepMs };
}

/** Why a chart has no line at all. */
function gapOf(all: readonly Measured[]): string | undefined {
  if (all.some((one) => 'answer' in one && (one.answer.series[0]?.points.length ?? 0) > 0)) return undefined;
  const failed = all.find((one) => 'problem' in one);
  return failed && 'problem' in failed ? failed.problem.sentence : 'No data: is the label right?';
}

/** What went out in that time; `unknown`: why it could not be asked. */
export async function deployMarks(
  asked: AskedPlace,
  { from, to }: MetricSpan,
  context: ReadContext,
): Promise<{ readonly marks: readonly ChartMark[]; readonly unknown?: string }> {
  const { service } = placeOf(asked, context.catalog);
  try {
    const all = await context.forge.deployments(service.repository, asked.environment, 30);
    const marks = all
      // GitHub calls a deploy that worked `inactive` once another has followed it.
      .filter(({ at, state }) => at >= from && at <= to && (state === 'success' || state === 'inactive'))
      .map(({ at, ref }) => ({ at, label: ref }))
      .sort((one, other) => one.at - other.at);
    return { marks };
  } catch (error) {
    return { marks: [], unknown: problemFrom(error).sentence };
  }
}

/** How old the newest of all numbers is, when that is longer than a rate needs: a server behind, or a wrong clock. */
export function ageWords(
  charts: readonly MeasuredChart[],
  { stepMs }: MetricSpan,
  now: number,
): string | undefined {
  const newest = Math.max(
    ...charts.flatMap(({ chart }) => chart.lines.flatMap(({ points }) => points.at(-1)?.at ?? [])),
  );
  const age = now - newest;
  if (!Number.isFinite(newest) || age <= Math.max(usualWindow, 3 * stepMs) + minuteMs) return undefined;
  return `The newest number is ${formatDuration(age)} old: Prometheus is behind, or a clock is wrong.`;
}
