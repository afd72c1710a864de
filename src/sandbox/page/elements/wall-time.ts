/** Between a moment and what a clock on the wall of a time zone shows. Pure. */

/** `2026-11-21T13:30` in the zone, from seconds since the epoch. */
export function wallTimeOf(seconds: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(seconds * 1000);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}

/**
 * Seconds since the epoch at which the zone's clock shows `2026-11-21T13:30`. Of a time that happens twice in
 * autumn one of the two; a time that spring leaves out moves by that hour.
 */
export function secondsOfWallTime(wallTime: string, timeZone: string): number {
  const asUtc = Date.parse(`${wallTime}:00Z`) / 1000;
  const offsetAt = (seconds: number) => Date.parse(`${wallTimeOf(seconds, timeZone)}:00Z`) / 1000 - seconds;
  // The offset is that of the moment itself, which the first guess may miss by one change of the clocks.
  const guess = asUtc - offsetAt(asUtc);
  return asUtc - offsetAt(guess);
}
