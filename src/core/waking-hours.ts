/** When a person may be mentioned without waking them: by their own zone's clock. Pure. */
import { dayMs, hourMs } from './duration.ts';
import type { Moment } from './ids.ts';
import type { Person } from './person.ts';
import { offsetAt, timeZoneProblem } from './time-zone.ts';

/** From 08:00 to 20:00, on all days: Slack's own do-not-disturb begins at 22:00 and says nothing of weekends. */
export const wakingHours = { from: 8, to: 20 } as const;

/** A zone that Slack does not tell, or that this runtime does not know, is UTC. */
export function isAwake(person: Pick<Person, 'timeZone'>, at: Moment): boolean {
  const hour = (localOf(zoneOf(person), at) % dayMs) / hourMs;
  return hour >= wakingHours.from && hour < wakingHours.to;
}

/** The next moment at which they are awake: `at` itself when they are. */
export function awakeAt(person: Pick<Person, 'timeZone'>, at: Moment): Moment {
  if (isAwake(person, at)) return at;
  const zone = zoneOf(person);
  const local = localOf(zone, at);
  const today = Math.floor(local / dayMs) * dayMs + wakingHours.from * hourMs;
  const morning = today > local ? today : today + dayMs;
  // The clocks may change during the night.
  return morning - offsetAt(morning - offsetAt(at, zone), zone);
}

function localOf(zone: string, at: Moment): number {
  return at + offsetAt(at, zone);
}

function zoneOf({ timeZone }: Pick<Person, 'timeZone'>): string {
  return timeZone !== undefined && timeZoneProblem(timeZone) === undefined ? timeZone : 'UTC';
}
