/**
 * Slack's own chart (docs: data-visualization-block, since June 2026), for where no picture can be sent. It has no
 * vertical lines, so deploys are told beside it. Pure.
 */
import type { KnownBlock } from '@slack/types';
import type { Chart, ChartLine, ChartUnit } from '../core/chart.ts';
import { fit } from '../core/text.ts';
import { maxOf } from './limits.ts';

/** At most two, of those that have something to show; whether it breaks and whether it is slow come first. */
export function chartBlocks(charts: readonly Chart[], zone: string): KnownBlock[] {
  const wanted = ['Errors', 'Latency'];
  const order = (chart: Chart) => (wanted.includes(chart.title) ? 0 : 1);
  return charts
    .toSorted((one, other) => order(one) - order(other))
    .flatMap((chart) => chartBlock(chart, zone))
    .slice(0, maxOf('chartsPerMessage'));
}

function chartBlock(chart: Chart, zone: string): KnownBlock[] {
  const lines = chart.lines.filter(({ points }) => points.length > 0).slice(0, maxOf('chartSeries'));
  const columns = maxOf('chartPoints');
  const width = (chart.to - chart.from) / columns;
  const { factor, label } = written[chart.unit];
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  const rows = Array.from({ length: columns }, (_, index) => {
    const from = chart.from + index * width;
    return {
      label: clock.format(from + width),
      values: lines.map((line) => highest(line, from, from + width)),
    };
    // Slack refuses a chart in which one series lacks a value.
  }).filter(({ values }) => values.every((value) => value !== undefined));
  if (lines.length === 0 || rows.length < 2) return [];
  const block = {
    type: 'data_visualization',
    title: fit(`${chart.title} (highest of each time)`, maxOf('chartTitle')),
    chart: {
      type: 'line',
      series: lines.map(({ name }, line) => ({
        name: fit(name, maxOf('chartLabel')),
        data: rows.map((row) => ({ label: row.label, value: rounded((row.values[line] ?? 0) * factor) })),
      })),
      axis_config: {
        categories: rows.map((row) => row.label),
        x_label: fit(zone, maxOf('chartTitle')),
        y_label: label,
      },
    },
  };
  // @slack/types does not know it yet.
  return [block as unknown as KnownBlock];
}

const written: Readonly<Record<ChartUnit, { readonly factor: number; readonly label: string }>> = {
  perSecond: { factor: 1, label: 'per second' },
  ratio: { factor: 100, label: '%' },
  seconds: { factor: 1000, label: 'ms' },
};

/** Later than `from`, up to and with `to`. */
function highest({ points }: ChartLine, from: number, to: number): number | undefined {
  const values = points.filter(({ at }) => at > from && at <= to).map(({ value }) => value);
  return values.length === 0 ? undefined : Math.max(...values);
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
