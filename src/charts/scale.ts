/** From numbers and moments to places in a picture, and the round numbers that stand beside the axes. */
import type { Chart, ChartUnit } from '../core/chart.ts';
import { hourMs, minuteMs } from '../core/duration.ts';

/** A top that is easy to read and above every value; a chart of nothing but zeros has one too. */
export function topOf({ unit, lines }: Chart): number {
  const highest = Math.max(0, ...lines.flatMap(({ points }) => points.map(({ value }) => value)));
  return Math.max(lowestTop[unit], roundedUp(highest));
}

/** Below these, what is drawn large would be noise: an error rate of 0.02 % must not look like a mountain. */
const lowestTop: Readonly<Record<ChartUnit, number>> = { perSecond: 1, ratio: 0.01, seconds: 0.01 };

const roundSteps = [1, 1.5, 2, 3, 4, 5, 8, 10];

function roundedUp(value: number): number {
  if (value <= 0) return 0;
  const size = 10 ** Math.floor(Math.log10(value));
  return (roundSteps.find((step) => step * size >= value) ?? 10) * size;
}

/** Full steps of the clock in `zone`, four to seven of them, with what to write: `10:15`. */
export function timeTicks(from: number, to: number, zone: string): { at: number; label: string }[] {
  const step = tickSteps.find((one) => (to - from) / one <= 7) ?? 24 * hourMs;
  // Zones are whole quarters of an hour away from UTC, and some of them 30 or 45 minutes.
  const offset = offsetMs(from, zone);
  const first = Math.ceil((from + offset) / step) * step - offset;
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  const ticks: { at: number; label: string }[] = [];
  for (let at = first; at <= to; at += step) ticks.push({ at, label: clock.format(at) });
  return ticks;
}

const tickSteps = [10 * minuteMs, 15 * minuteMs, 30 * minuteMs, hourMs, 2 * hourMs, 4 * hourMs, 6 * hourMs];

function offsetMs(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
  }).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const local = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'));
  return local - Math.floor(at / minuteMs) * minuteMs;
}
