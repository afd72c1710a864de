/** IANA time zones, as this runtime knows them. */
import type { Moment } from './ids.ts';
import { didYouMean } from './text.ts';

/** `undefined` when the zone exists; otherwise a sentence with the nearest that does. */
export function timeZoneProblem(zone: string): string | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return undefined;
  } catch {
    const nearest = didYouMean(zone, Intl.supportedValuesOf('timeZone'));
    return `"${zone}" is not a time zone like Europe/Berlin.${nearest}`;
  }
}

/** "Mon 23 Nov, 06:00 CET", for plain text that a reader in this zone gets. */
export function momentText(at: Moment, zone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  return format.format(at);
}
