/** IANA time zones, as this runtime knows them. */
import { halves } from './halves.ts';
import type { Moment } from './ids.ts';
import { didYouMean } from './text.ts';

/** Those that were asked for before: to ask takes as long as reading ten rules. */
const known = new Set<string>();

/** `undefined` when the zone exists; otherwise a sentence with the nearest that does. */
export function timeZoneProblem(zone: string): string | undefined {
  if (known.has(zone)) return undefined;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    known.add(zone);
    return undefined;
  } catch {
    const nearest = didYouMean(zone, Intl.supportedValuesOf('timeZone'));
    return `"${zone}" is not a time zone like Europe/Berlin.${nearest}`;
  }
}

/** "Mon 23 Nov, 06:00 CET", for plain text that a reader in this zone gets. */
export function momentText(at: Moment, zone: string): string {
  return inWords(zone).format(at);
}

const inWords = onceForEach({
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
});

/** To make a format takes as long as using it a hundred times: there is one for each zone that was asked for. */
function onceForEach(parts: Intl.DateTimeFormatOptions): (timeZone: string) => Intl.DateTimeFormat {
  const made = new Map<string, Intl.DateTimeFormat>();
  return (timeZone) => {
    const format = made.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { timeZone, ...parts });
    made.set(timeZone, format);
    return format;
  };
}

/** `2026-11`: the month of a moment, as the zone's calendar has it. */
export function monthOf(at: Moment, zone: string): string {
  return new Date(at + offsetAt(at, zone)).toISOString().slice(0, 7);
}

/** From the first moment of a month (`2026-11`) in a zone to that of the next: an hour more or less when clocks change. */
export function monthSpan(month: string, zone: string): { readonly from: Moment; readonly to: Moment } {
  const [year, number] = halves(month, '-');
  return { from: midnight(+year, +number - 1, zone), to: midnight(+year, +number, zone) };
}

export const periods = ['day', 'week', 'month'] as const;
export type Period = (typeof periods)[number];

/** The day, the week from Monday on or the month that a moment is in, as the zone's calendar has it. */
export function periodSpan(
  period: Period,
  at: Moment,
  zone: string,
): { readonly from: Moment; readonly to: Moment } {
  const local = new Date(at + offsetAt(at, zone));
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
  if (period === 'month') return { from: midnight(year, month, zone), to: midnight(year, month + 1, zone) };
  const first = period === 'day' ? day : day - ((local.getUTCDay() + 6) % 7);
  const days = period === 'day' ? 1 : 7;
  return { from: midnight(year, month, zone, first), to: midnight(year, month, zone, first + days) };
}

/** The first of a month, when no other day is said; the second look counts when the clocks change between here and there. */
function midnight(year: number, monthIndex: number, zone: string, day = 1): Moment {
  const asUtc = Date.UTC(year, monthIndex, day);
  return asUtc - offsetAt(asUtc - offsetAt(asUtc, zone), zone);
}

/** How far the zone's clock is ahead of UTC's at a moment, in ms. */
export function offsetAt(at: Moment, zone: string): number {
  const last = lastOffsets.get(zone);
  if (last?.at === at) return last.offset;
  const offset = readOffset(at, zone);
  lastOffsets.set(zone, { at, offset });
  return offset;
}

/** Of each zone the last one that was asked for: the same moment is asked of hundreds of people who live there. */
const lastOffsets = new Map<string, { readonly at: Moment; readonly offset: number }>();

function readOffset(at: Moment, zone: string): number {
  const parts = inNumbers(zone).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return local - Math.floor(at / 1000) * 1000;
}

const inNumbers = onceForEach({
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
  hourCycle: 'h23',
});
