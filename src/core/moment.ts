/**
 * Moments as people type them: `in 2h`, `09:00`, `2026-11-23 09:00`, meant in their own zone. A time that a change of the
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

const localPattern = /^(?:(\d{4})-(\d\d)-(\d\d)[ t])?(\d\d?):(\d\d)$/;

function readLocal(typed: string, now: Moment, zone: string): Result<Moment> {
  const parts = localPattern.exec(typed);
  if (!parts) return wrong(`"${typed}" is not a time.`);
  const [, year, month, day, hour, minute] = parts;
  if (Number(hour) > 23 || Number(minute) > 59) return wrong(`"${typed}" is not a time.`);
  const time = `${String(hour).padStart(2, '0')}:${minute}`;
  if (year !== undefined) return atWall(`${year}-${month}-${day}`, time, zone);
  // The next time that the clock says so: today, or tomorrow.
  const onDayOf = (at: Moment) => atWall(wallOf(at, zone).slice(0, 10), time, zone);
  const today = onDayOf(now);
  return today.ok && today.value <= now ? onDayOf(now + dayMs) : today;
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

function wrong(sentence: string, next = 'Write it like 2026-11-23 09:00, 09:00 or in 2h.'): Result<never> {
  return refuse(problem('bad_input', sentence, next));
}
