/**
 * Charts side by side as one SVG. Pure. It brings its own background, so that it reads the same in a light and in a
 * dark Slack; lines differ by dashes and by the name at their end, not by colour alone.
 */
import type { Chart, ChartPoint, ChartSheet } from '../core/chart.ts';
import { valueWords } from '../core/chart-words.ts';
import { fit } from '../core/text.ts';
import { timeTicks, topOf } from './scale.ts';

const wide = 440;
const high = 220;
const head = 44;
const margin = { left: 56, right: 64, top: 50, bottom: 28 };
const inner = { width: wide - margin.left - margin.right, height: high - margin.top - margin.bottom };

/** Text has 7:1 on the background and more (WCAG AAA), lines at least 3:1; the hues are Okabe and Ito's. */
const ink = {
  background: '#fbfaf7',
  text: '#1f2328',
  quiet: '#4b535c',
  grid: '#d9d6cf',
  mark: '#7a3e9d',
  lines: ['#0067a5', '#b34700', '#00785a'],
};
const dashes = ['', '7 3', '2 3'];

export function drawPicture({ title, zone, charts }: ChartSheet): string {
  const columns = charts.length > 1 ? 2 : 1;
  const width = columns * wide;
  const height = head + Math.ceil(charts.length / columns) * high;
  const drawn = charts.map((chart, index) => {
    const x = (index % columns) * wide;
    const y = head + Math.floor(index / columns) * high;
    return `<g transform="translate(${x} ${y})">${drawChart(chart, zone)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="Inter" font-size="12" fill="${ink.text}">`,
    `<rect width="${width}" height="${height}" fill="${ink.background}"/>`,
    text(16, 28, fit(title, 90), 'font-size="17"'),
    ...drawn,
    '</svg>',
  ].join('');
}

function drawChart(chart: Chart, zone: string): string {
  if (chart.gap !== undefined) {
    return [
      text(16, 22, chart.title, 'font-size="14"'),
      `<rect x="${margin.left}" y="${margin.top}" width="${inner.width}" height="${inner.height}" fill="none" stroke="${ink.grid}"/>`,
      text(wide / 2, high / 2 + 8, fit(chart.gap, 52), `text-anchor="middle" fill="${ink.quiet}"`),
    ].join('');
  }
  const top = topOf(chart);
  const x = (at: number) => margin.left + ((at - chart.from) / (chart.to - chart.from)) * inner.width;
  const y = (value: number) => margin.top + (1 - value / top) * inner.height;
  return [
    text(16, 22, chart.title, 'font-size="14"'),
    ...[0, 0.5, 1].map((share) => rule(y(share * top), valueWords(chart.unit, share * top))),
    ...timeTicks(chart.from, chart.to, zone).map(({ at, label }) =>
      text(x(at), high - 10, label, `text-anchor="middle" fill="${ink.quiet}" font-size="11"`),
    ),
    ...marks(chart, x),
    ...chart.lines.map(({ points, gapMs }, index) => line(points, gapMs, index, x, y)),
    ...names(chart, y),
  ].join('');
}

function rule(y: number, label: string): string {
  const line = `<line x1="${margin.left}" x2="${wide - margin.right}" y1="${fixed(y)}" y2="${fixed(y)}" stroke="${ink.grid}"/>`;
  return line + text(margin.left - 6, y + 4, label, `text-anchor="end" fill="${ink.quiet}" font-size="11"`);
}

/** A line through the points, lifted where nothing is known for too long; a lonely point is a dot. */
function line(
  points: readonly ChartPoint[],
  gapMs: number,
  index: number,
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  const colour = ink.lines[index % ink.lines.length];
  const runs: ChartPoint[][] = [];
  for (const point of points) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run && before && point.at - before.at <= gapMs) run.push(point);
    else runs.push([point]);
  }
  return runs
    .map((run) => {
      const [first] = run;
      if (first && run.length === 1) {
        return `<circle cx="${fixed(x(first.at))}" cy="${fixed(y(first.value))}" r="2" fill="${colour}"/>`;
      }
      const path = run.map(({ at, value }) => `${fixed(x(at))},${fixed(y(value))}`).join(' ');
      return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round" stroke-dasharray="${dashes[index % dashes.length]}"/>`;
    })
    .join('');
}

/** Deploys: where a label would lie on the one before it, the line alone stands. */
function marks({ marks, from, to }: Chart, x: (at: number) => number): string[] {
  let free = margin.left;
  return marks
    .filter(({ at }) => at >= from && at <= to)
    .map(({ at, label }) => {
      const place = x(at);
      const line = `<line x1="${fixed(place)}" x2="${fixed(place)}" y1="${margin.top - 8}" y2="${margin.top + inner.height}" stroke="${ink.mark}" stroke-width="1.5" stroke-dasharray="4 3"/>`;
      const shown = fit(label, 16);
      const wideness = shown.length * 6.4;
      const begin = Math.min(place - 2, wide - 8 - wideness);
      if (begin < free) return line;
      free = begin + wideness + 6;
      return line + text(begin, margin.top - 12, shown, `fill="${ink.mark}" font-size="11"`);
    });
}

/** Each line's name at its end, moved apart where they would lie on each other. */
function names(chart: Chart, y: (value: number) => number): string[] {
  const ends = chart.lines
    .flatMap(({ name, points }, index) => {
      const last = points.at(-1);
      return last ? [{ name, index, y: y(last.value) }] : [];
    })
    .sort((one, other) => one.y - other.y);
  let free = margin.top;
  const placed = ends.map((end) => {
    const place = Math.max(end.y + 4, free);
    free = place + 13;
    return { ...end, place };
  });
  // Pushed below the axis they would stand among the times: all move up together.
  const over = Math.max(0, free - 13 - (margin.top + inner.height + 4));
  return placed.map(({ name, index, place }) =>
    text(
      wide - margin.right + 6,
      place - over,
      fit(name, 8),
      `fill="${ink.lines[index % ink.lines.length]}"`,
    ),
  );
}

function text(x: number, y: number, words: string, attributes = ''): string {
  return `<text x="${fixed(x)}" y="${fixed(y)}" ${attributes}>${escapeXml(words)}</text>`;
}

/** Titles and versions come from outside: they are text, whatever they hold, and nothing that XML cannot hold. */
function escapeXml(words: string): string {
  return words
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function fixed(number: number): string {
  return String(Math.round(number * 10) / 10);
}
