/** A chart in words: its numbers for a line of text, and the whole of it for those who do not see it. Pure. */
import type { Chart, ChartLine, ChartUnit } from './chart.ts';
import { percent } from './error-budget.ts';
import { listOf } from './text.ts';

/** `12/s`, `3.1 %`, `180 ms`, `1.2 s`: three digits at most, as people say it. */
export function valueWords(unit: ChartUnit, value: number): string {
  switch (unit) {
    case 'perSecond':
      return `${digits(value)}/s`;
    case 'ratio':
      return percent(value);
    case 'seconds':
      return value < 0.9995 ? `${digits(value * 1000)} ms` : `${digits(value)} s`;
  }
}

/** `Latency: p50 now 40 ms, between 35 ms and 60 ms; p95 now …. Deployed meanwhile: v1.4.2.` */
export function chartWords(chart: Chart): string {
  if (chart.gap !== undefined) return `${chart.title}: ${chart.gap}`;
  const lines = chart.lines.map((line) => lineWords(chart, line)).join('; ');
  const marks = chart.marks.map(({ label }) => label);
  const deployed = marks.length === 0 ? '' : ` Deployed meanwhile: ${listOf(marks)}.`;
  return `${chart.title}: ${lines}.${deployed}`;
}

function lineWords({ unit, lines }: Chart, { name, points }: ChartLine): string {
  const values = points.map(({ value }) => value);
  const last = values.at(-1);
  if (last === undefined) return `${name} not known`;
  const words = (value: number) => valueWords(unit, value);
  const now = `now ${words(last)}, between ${words(Math.min(...values))} and ${words(Math.max(...values))}`;
  return lines.length === 1 ? now : `${name} ${now}`;
}

function digits(value: number): string {
  if (value === 0) return '0';
  if (value < 0.01) return '< 0.01';
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(value >= 10 ? 3 : 2)));
}
