/**
 * Beginnings that recur by cron or by RFC 5545, as clocks in a zone show them. Both libraries are asked in a time
 * without zones, and what they say is put into the zone here, so that every window treats the two nights alike on which
 * clocks change: a time that is there twice means the first, one that is skipped means as long after. (RFC 5545 leaves
 * a skipped one out; a freeze that is left out would be a hole.)
 */
import { Cron } from 'croner';
import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { dayMs, parseDuration } from '../core/duration.ts';
import { halves } from '../core/halves.ts';
import type { Moment } from '../core/ids.ts';
import { didYouMean, listOf } from '../core/text.ts';

export interface Recurrence {
  /** The newest beginning at or before this moment. */
  lastStart(at: Moment): Moment | undefined;
  /** The next one after it. */
  nextStart(at: Moment): Moment | undefined;
  /** When what began then ends. */
  endOf(start: Moment): Moment;
}

export type ReadRecurrence =
  | { readonly ok: true; readonly recurrence: Recurrence }
  | { readonly ok: false; readonly message: string };

/** Beginnings as a clock on the wall shows them, in milliseconds as if it showed UTC. */
interface Wall {
  last(atOrBefore: number): number | undefined;
  next(after: number): number | undefined;
}

/** `0 16 * * fri`: five fields. `lasts` as in `62h`; whole days and weeks end when the clock shows the same again. */
export function readCron(pattern: string, lasts: string, zone: string): ReadRecurrence {
  return read(lasts, zone, cronHelp, () => {
    const cron = new Cron(pattern, { mode: '5-part', timezone: 'UTC', paused: true });
    return {
      last: (at) => cron.previousRuns(1, new Date(at + 1000))[0]?.getTime(),
      next: (after) => cron.nextRun(new Date(after))?.getTime(),
    };
  });
}

/** `FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=20`, beginning at `starts`, `2026-12-20T18:00`. */
export function readRrule(rule: string, starts: string, lasts: string, zone: string): ReadRecurrence {
  const wrong = wrongPart(rule);
  if (wrong !== undefined) return { ok: false, message: wrong };
  return read(lasts, zone, rruleHelp, () => {
    const dtstart = Temporal.PlainDateTime.from(starts).toZonedDateTime('UTC');
    const stamp = dtstart.toPlainDateTime().toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '');
    const recurring = new RRuleTemporal({ rruleString: `DTSTART;TZID=UTC:${stamp}\nRRULE:${rule}` });
    return {
      last: (at) => recurring.previous(new Date(at), true)?.epochMilliseconds,
      next: (after) => recurring.next(new Date(after), false)?.epochMilliseconds,
    };
  });
}

const cronHelp = 'Write minute, hour, day, month and weekday, like "0 8 * * mon-fri".';
const rruleHelp = 'Write one like "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=20".';

/** Before every window that anybody writes: whether a rule ever begins is asked from here. */
const dawn = Date.UTC(2000, 0, 1);

function read(lasts: string, zone: string, help: string, open: () => Wall): ReadRecurrence {
  const span = parseDuration(lasts);
  if (span === undefined || span === 0) {
    return { ok: false, message: `for: "${lasts}" is not a time span like 8h or 2d.` };
  }
  try {
    const wall = open();
    if (wall.next(dawn) === undefined) return { ok: false, message: 'it never begins.' };
    return { ok: true, recurrence: inZone(wall, lasts, span, zone) };
  } catch (error) {
    const why = String(error)
      .replace(/^\w*Error: /, '')
      .replace(/\.?(\n.*)?$/s, '');
    return { ok: false, message: `it cannot be read: ${why}. ${help}` };
  }
}

function inZone(wall: Wall, lasts: string, span: number, zone: string): Recurrence {
  const isWholeDays = /^[\dwd ]+$/i.test(lasts);
  return {
    lastStart(at) {
      // An hour that comes twice: its first beginning lies behind us though the clock shows less.
      let start = wall.last(wallTime(at, zone) + Math.max(0, -shift(at, zone)));
      while (start !== undefined && instantOf(start, zone) > at) start = wall.last(start - 1000);
      return start === undefined ? undefined : instantOf(start, zone);
    },
    nextStart(at) {
      // An hour that is skipped: what was to begin in it is yet to come though the clock shows more.
      let start = wall.next(wallTime(at, zone) - Math.max(0, shift(at, zone)));
      while (start !== undefined && instantOf(start, zone) <= at) start = wall.next(start);
      return start === undefined ? undefined : instantOf(start, zone);
    },
    endOf: (start) => (isWholeDays ? instantOf(wallTime(start, zone) + span, zone) : start + span),
  };
}

function wallTime(at: Moment, zone: string): number {
  return at + zoned(at, zone).offsetNanoseconds / 1e6;
}

/** By how much the clock was set in the day before: an hour forward is positive. */
function shift(at: Moment, zone: string): number {
  return (zoned(at, zone).offsetNanoseconds - zoned(at - dayMs, zone).offsetNanoseconds) / 1e6;
}

function zoned(at: Moment, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
}

function instantOf(wall: number, zone: string): Moment {
  return zoned(wall, 'UTC').toPlainDateTime().toZonedDateTime(zone).epochMilliseconds;
}

const list = (item: string) => new RegExp(`^(?:${item})(?:,(?:${item}))*$`);
const signed = (number: string) => `[+-]?(?:${number})`;
const day = 'MO|TU|WE|TH|FR|SA|SU';
const yearDay = signed('36[0-6]|3[0-5]\\d|[12]\\d\\d|[1-9]\\d|[1-9]');

/** RFC 5545 3.3.10. The library reads past what it does not know, and a month 13 would mean every month. */
const parts: Readonly<Record<string, RegExp>> = {
  FREQ: /^(?:DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^[1-9]\d{0,2}$/,
  COUNT: /^[1-9]\d{0,3}$/,
  // Without Z: the zone is the window's.
  UNTIL: /^\d{8}T\d{6}$/,
  BYMONTH: list('1[0-2]|[1-9]'),
  BYWEEKNO: list(signed('5[0-3]|[1-4]\\d|[1-9]')),
  BYYEARDAY: list(yearDay),
  BYMONTHDAY: list(signed('3[01]|[12]\\d|[1-9]')),
  BYDAY: list(`(?:${signed('5[0-3]|[1-4]\\d|[1-9]')})?(?:${day})`),
  BYSETPOS: list(yearDay),
  WKST: new RegExp(`^(?:${day})$`),
};

/** Those with letters, for who misspells one. */
const wordsOfParts = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY', ...day.split('|')];

function wrongPart(rule: string): string | undefined {
  const seen = new Set<string>();
  for (const text of rule.split(';')) {
    const [name, value] = halves(text, '=');
    const form = Object.hasOwn(parts, name) ? parts[name] : undefined;
    if (!form)
      return `"${name}" is no part of a recurrence here; there are ${listOf(Object.keys(parts))}.${didYouMean(name, Object.keys(parts))}`;
    if (seen.has(name)) return `${name} is said twice.`;
    const meant = wordsOfParts.filter((word) => form.test(word));
    if (!form.test(value)) return `${name} cannot be "${value}" here.${didYouMean(value, meant)}`;
    seen.add(name);
  }
  return seen.has('FREQ') ? undefined : 'say how often it comes: FREQ=DAILY, WEEKLY, MONTHLY or YEARLY.';
}
