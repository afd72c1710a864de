/** Slack's own chart, `data_visualization`: lines, areas, bars or a pie, with its names and values in words beside it. */
import { html, type VNode } from '../html.ts';

interface Point {
  readonly label: string;
  readonly value: number;
}

interface Series {
  readonly name: string;
  readonly data: readonly Point[];
}

interface SeriesChart {
  readonly type: 'line' | 'area' | 'bar';
  readonly series: readonly Series[];
  readonly axis_config: {
    readonly categories: readonly string[];
    readonly x_label?: string;
    readonly y_label?: string;
  };
}

/** As the box has checked it; @slack/types does not know it yet. */
export interface ChartBlock {
  readonly title: string;
  readonly chart: SeriesChart | { readonly type: 'pie'; readonly segments: readonly Point[] };
}

export function Chart({ block: { title, chart } }: { block: ChartBlock }): VNode {
  return html`<figure class="block-chart">
    <figcaption>${title}</figcaption>
    ${chart.type === 'pie' ? html`<${Pie} segments=${chart.segments} />` : html`<${Plot} chart=${chart} />`}
  </figure>`;
}

/** Units of the drawing, not pixels: it is stretched to the width of the message. */
const width = 480;
const height = 120;

function Plot({ chart: { type, series, axis_config: axis } }: { chart: SeriesChart }): VNode {
  const values = series.flatMap(({ data }) => data.map(({ value }) => value));
  const [top, bottom] = [Math.max(0, ...values), Math.min(0, ...values)];
  const y = (value: number) => height - ((value - bottom) / (top - bottom || 1)) * height;
  const words = series.map(({ name, data }) => `${name} ${data.map(({ value }) => value).join(', ')}`);
  const { categories, x_label = '', y_label = '' } = axis;
  return html`<div class="chart-axis"><span>${top} ${y_label}</span></div>
    <svg viewBox=${`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label=${words.join('; ')}>
      ${series.map((one, index) => html`<g class=${`chart-ink-${index % inks}`}>${marksOf(type, one, index, series.length, y)}</g>`)}
    </svg>
    <div class="chart-axis"><span>${categories[0]}</span><span>${x_label}</span><span>${categories.at(-1)}</span></div>
    <${Legend} items=${series.map(({ name, data }) => `${name}: ${data.at(-1)?.value ?? ''} ${y_label}`)} />`;
}

function marksOf(
  type: SeriesChart['type'],
  { data }: Series,
  index: number,
  all: number,
  y: (value: number) => number,
): VNode | VNode[] {
  if (type === 'bar') {
    const room = width / data.length;
    const bar = (room * 0.8) / all;
    return data.map(
      ({ value }, place) =>
        html`<rect x=${place * room + room * 0.1 + index * bar} y=${Math.min(y(value), y(0))} width=${bar} height=${Math.abs(y(0) - y(value))} />`,
    );
  }
  const step = width / Math.max(1, data.length - 1);
  const line = data.map(({ value }, place) => `${place * step},${y(value)}`).join(' ');
  if (type === 'line') return html`<polyline points=${line} />`;
  return html`<polygon points=${`0,${y(0)} ${line} ${(data.length - 1) * step},${y(0)}`} />`;
}

/** One after the other around a circle of which each part has its share. */
function Pie({ segments }: { segments: readonly Point[] }): VNode {
  const sum = segments.reduce((all, { value }) => all + value, 0);
  const share = (value: number) => (100 * value) / sum;
  const words = segments.map(({ label, value }) => `${label}: ${value} (${Math.round(share(value))} %)`);
  const before = (index: number) =>
    segments.slice(0, index).reduce((all, { value }) => all + share(value), 0);
  return html`<svg class="chart-pie" viewBox="0 0 32 32" role="img" aria-label=${words.join('; ')}>
      ${segments.map(
        ({ value }, index) =>
          html`<circle class=${`chart-ink-${index % inks}`} r="8" cx="16" cy="16" pathLength="100"
            stroke-dasharray=${`${share(value)} 100`} stroke-dashoffset=${-before(index)} />`,
      )}
    </svg>
    <${Legend} items=${words} />`;
}

/** As many as styles/blocks.css has. */
const inks = 6;

function Legend({ items }: { items: readonly string[] }): VNode {
  return html`<ul class="chart-legend">
    ${items.map((item, index) => html`<li class=${`chart-ink-${index % inks}`}>${item}</li>`)}
  </ul>`;
}
