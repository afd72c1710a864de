/**
 * Moments as people type them: `in 2h`, `09:00`, `tomorrow 09:00`, `2026-11-23 09:00`, meant in their own zone. A time that a change of the
 * clocks leaves out, or makes twice, is refused rather than guessed. Pure.
 */
import { dayMs, minuteMs, parseDuration } from './duration.ts';
import type { Moment } from './ids.ts';
import { ok, problem, type Result, refuse } from './problem.ts';

/** Farther ahead nobody knows what will run then; and an approval of today says little about it. */
const aheadMax = 14 * dayMs;

/** @returns `bad_input` with a sentence that says how to write it. */
export function readMoment(text: string, now: Moment, zone: string): Result<Moment> {
  const typed = text.trim().toLowerCase();
  const span = parseDuration(typed.replace(/^in\s+/, ''));
  const found = span === undefined ? readLocal(typed, now, zone) : ok(now + span);
  if (!found.ok) return found;
  if (found.value <= now) return wrong(`"${text}" is over already.`);
  return found.value - now > aheadMax ? wrong(`"${text}" is more than 14 days ahead.`) : found;
}

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
/** Years of this century: what calendars make of others is not worth knowing, and `Intl` writes some of them otherwise. */
const localPattern = /^(?:(?:(20\d\d-\d\d-\d\d)|([a-z]{3,9}))[ t](?:at )?)?(\d\d?):(\d\d)$/;

function readLocal(typed: string, now: Moment, zone: string): Result<Moment> {
  const parts = localPattern.exec(typed);
  if (!parts) return wrong(`"${typed}" is not a time.`);
  const [, date, day, hour, minute] = parts;
  if (Number(hour) > 23 || Number(minute) > 59) return wrong(`"${typed}" is not a time.`);
  const time = `${String(hour).padStart(2, '0')}:${minute}`;
  if (date !== undefined) return atWall(date, time, zone);
  const today = wallOf(now, zone).slice(0, 10);
  const inDays = (days: number) => atWall(dayAfter(today, days), time, zone);
  if (day === undefined) return soonest(inDays, [0, 1], now);
  const days = daysUntil(day, today);
  return days === undefined ? wrong(`"${typed}" is not a time.`) : soonest(inDays, days, now);
}

/** The first of these days on which that time is still to come; what is wrong with a day is told at once. */
function soonest(
  inDays: (days: number) => Result<Moment>,
  [first, later]: readonly [number, number?],
  now: Moment,
): Result<Moment> {
  const found = inDays(first);
  return later !== undefined && found.ok && found.value <= now ? inDays(later) : found;
}

/** `tomorrow`, `fri` or `friday`: today's own name means today, or in a week when that time is over. */
function daysUntil(day: string, today: string): readonly [number, number?] | undefined {
  if (day === 'today') return [0];
  if (day === 'tomorrow') return [1];
  const meant = weekdays.findIndex((name) => name === day || name.slice(0, 3) === day);
  if (meant < 0) return undefined;
  const ahead = (meant - new Date(`${today}T00:00Z`).getUTCDay() + 7) % 7;
  return [ahead, ahead + 7];
}

/** Days of the calendar, whatever the clocks do in between. */
function dayAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** By the offsets that the zone has on either side of it: on nearly every day they are one. */
function atWall(date: string, time: string, zone: string): Result<Moment> {
  const asIfUtc = Date.parse(`${date}T${time}:00Z`);
  if (Number.isNaN(asIfUtc) || !new Date(asIfUtc).toISOString().startsWith(date)) {
    return wrong(`There is no day ${date}.`);
  }
  const offsets = [asIfUtc - dayMs, asIfUtc + dayMs].map((at) => offsetAt(at, zone));
  const fitting = [...new Set(offsets)]
    .map((offset) => asIfUtc - offset)
    .filter((at) => wallOf(at, zone) === `${date} ${time}`);
  const [only, second] = fitting;
  if (only === undefined)
    return wrong(`On ${date} the clocks in ${zone} go past ${time}: there is no such time.`);
  if (second !== undefined) {
    return wrong(
      `On ${date} the clocks in ${zone} show ${time} twice.`,
      'Say how long from now instead: in 5h.',
    );
  }
  return ok(only);
}

/** In milliseconds east of UTC; zones of today's world are whole minutes off. */
function offsetAt(at: Moment, zone: string): number {
  const wall = Date.parse(`${wallOf(at, zone).replace(' ', 'T')}:00Z`);
  return wall - Math.floor(at / minuteMs) * minuteMs;
}

/** `2026-11-23 09:00`, as clocks in this zone show it: Swedish writes dates so. */
export function wallOf(at: Moment, zone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  });
  return format.format(at);
}

function wrong(
  sentence: string,
  next = 'Write it like in 2h, 09:00, tomorrow 09:00, friday 14:30 or 2026-11-23 09:00.',
): Result<never> {
  return refuse(problem('bad_input', sentence, next));
}
