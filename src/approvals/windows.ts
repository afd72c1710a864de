/**
 * Windows, `fri 16:00` to `mon 06:00` in a zone or by a recurrence: which are in force at a moment, when one ends, and
 * when it next begins.
 * Both ends are instants, so that a night with an hour twice or not at all has one beginning and one end: a time
 * that is there twice means the first, one that is skipped means as long after (RFC 5545, and Temporal's "compatible").
 */
import { Temporal } from 'temporal-polyfill';
import { type Facts, weekdays } from '../core/facts.ts';
import type { Moment } from '../core/ids.ts';
import type { Recurrence } from './recurrence.ts';

/** `day` counts from 1, Monday. */
export interface WeekTime {
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

export interface Window {
  readonly name: string;
  /** As people call it: "the weekend freeze". */
  readonly title: string;
  /** IANA. */
  readonly zone: string;
  readonly weekly: readonly { readonly from: WeekTime; readonly to: WeekTime }[];
  /** Of one that is no matter of weeks. */
  readonly recurring?: readonly Recurrence[];
}

export interface ActiveWindow {
  readonly name: string;
  readonly title: string;
  /** When it opens again; `undefined` for one that never does. */
  readonly until: Moment | undefined;
}

/** Those in force at this moment, by name. */
export function activeWindows(
  policy: { readonly windows: ReadonlyMap<string, Window> },
  at: Moment,
): ActiveWindow[] {
  return [...policy.windows.values()]
    .filter((window) => endOfSpans(window, at) !== undefined)
    .map((window) => ({ name: window.name, title: window.title, until: windowEnd(window, at) }));
}

/** After so many spans that touch one another, a window is one that never ends. */
const touchingMax = 100;

/** When a window that is in force at `at` ends; `undefined` when it is not, or never does. */
export const windowEnd = remembered((window, at) => {
  let end = endOfSpans(window, at);
  for (let hops = 0; end !== undefined && hops <= touchingMax; hops += 1) {
    const next = endOfSpans(window, end);
    if (next === undefined) return end;
    end = next;
  }
  return undefined;
});

/** When a window begins after `at`; `undefined` when it never does again. */
export const nextStart = remembered((window, at) => {
  const starts = [
    ...window.weekly.map(({ from }) => nextWeekTime(from, window.zone, at)),
    ...recurrencesOf(window).flatMap((one) => one.nextStart(at) ?? []),
  ];
  return starts.length > 0 ? Math.min(...starts) : undefined;
});

type OfMoment = (window: Window, at: Moment) => Moment | undefined;

/**
 * All rules of one request ask about the same moment, all cases of a proof too, and whoever looks for when a request may
 * run asks about each full hour of a week ahead: so does the next one.
 */
function remembered(ask: OfMoment): OfMoment {
  const known = new WeakMap<Window, Map<Moment, Moment | undefined>>();
  return (window, at) => {
    const said = known.get(window) ?? new Map<Moment, Moment | undefined>();
    known.set(window, said);
    if (said.has(at)) return said.get(at);
    const now = ask(window, at);
    if (said.size >= momentsMax) said.clear();
    said.set(at, now);
    return now;
  };
}

/** Two weeks by the hour, and what was asked between. */
const momentsMax = 1_000;

function recurrencesOf({ recurring = [] }: Window): readonly Recurrence[] {
  return recurring;
}

/** What the facts say of a moment, as it is in a zone. */
export function timeFacts(zone: string, at: Moment): Facts['time'] {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const weekday = weekdays[local.dayOfWeek - 1] as Facts['time']['weekday'];
  return { at, hour: local.hour, weekday, zone };
}

/** The latest end of the spans that hold `at`. */
const endOfSpans = remembered((window, at) => {
  const ends = [
    ...window.weekly.flatMap(({ from, to }) => endOfSpan(from, to, window.zone, at)),
    ...recurrencesOf(window).flatMap((one) => endOfLast(one, at)),
  ];
  return ends.length > 0 ? Math.max(...ends) : undefined;
});

function endOfSpan(from: WeekTime, to: WeekTime, zone: string, at: Moment): Moment[] {
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  const sinceFrom = (today.dayOfWeek - from.day + 7) % 7;
  // On its own weekday, a span may have begun today or a week ago.
  return [sinceFrom, sinceFrom + 7].flatMap((daysAgo) => {
    const first = today.subtract({ days: daysAgo });
    const start = instantOf(first, from, zone);
    const end = instantOf(first.add({ days: daysBetween(from, to) }), to, zone);
    return start <= at && at < end ? [end] : [];
  });
}

/** All spans of a recurrence are equally long, so of those that hold `at` the newest ends last. */
function endOfLast(recurrence: Recurrence, at: Moment): Moment[] {
  const start = recurrence.lastStart(at);
  const end = start === undefined ? at : recurrence.endOf(start);
  return at < end ? [end] : [];
}

function nextWeekTime(time: WeekTime, zone: string, at: Moment): Moment {
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  const ahead = (time.day - today.dayOfWeek + 7) % 7;
  const first = instantOf(today.add({ days: ahead }), time, zone);
  return first > at ? first : instantOf(today.add({ days: ahead + 7 }), time, zone);
}

function instantOf(date: Temporal.PlainDate, { hour, minute }: WeekTime, zone: string): Moment {
  const plainTime = Temporal.PlainTime.from({ hour, minute });
  return date.toZonedDateTime({ timeZone: zone, plainTime }).epochMilliseconds;
}

/** Days from one to the other; a whole week when it ends on its own weekday, not after its beginning. */
function daysBetween(from: WeekTime, to: WeekTime): number {
  const days = (to.day - from.day + 7) % 7;
  const isLater = to.hour * 60 + to.minute > from.hour * 60 + from.minute;
  return days === 0 && !isLater ? 7 : days;
}
