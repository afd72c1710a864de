/** When an environment is to sleep by itself. */
import { type Window, windowEnd } from '../approvals/windows.ts';
import type { Catalog, SleepHours } from '../core/catalog.ts';
import type { Moment } from '../core/ids.ts';
import type { Life } from '../core/life.ts';

/** Until when it is night for it now; `undefined` by day, and for one that never sleeps by itself. */
export function nightEnd(
  { nights }: Pick<Life, 'nights'>,
  { environments: { sleep }, zone }: Pick<Catalog, 'environments' | 'zone'>,
  now: Moment,
): Moment | undefined {
  if (nights === 'off') return undefined;
  const hours = nights ? { weekends: false, ...sleep, ...nights } : sleep;
  return hours && windowEnd(windowOf(hours, zone), now);
}

const [friday, saturday, week] = [5, 6, 7];

/** Every night of the week, and the weekend as one long night. */
function windowOf({ from, to, zone, weekends }: SleepHours, defaultZone: string): Window {
  const isOverMidnight = from > to;
  const nights = Array.from({ length: week }, (_, index) => ({
    from: at(index + 1, from),
    to: at(isOverMidnight ? ((index + 1) % week) + 1 : index + 1, to),
  }));
  const weekend = { from: at(isOverMidnight ? friday : saturday, from), to: at(1, to) };
  return {
    name: 'sleep',
    title: 'the night',
    zone: zone ?? defaultZone,
    weekly: weekends ? [...nights, weekend] : nights,
  };
}

function at(day: number, time: string) {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return { day, hour, minute };
}
