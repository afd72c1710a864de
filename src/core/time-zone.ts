/** IANA time zones, as this runtime knows them. */
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
