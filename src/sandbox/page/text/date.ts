/** Moments as a person reads them, in that person's time zone and against the sandbox's clock. Pure. */

const dayMs = 24 * 60 * 60 * 1000;

interface Reader {
  /** An IANA time zone. */
  readonly timeZone: string;
  /** Milliseconds since the epoch, in the sandbox's time. */
  readonly now: number;
}

/** `13:05`, from a Slack ts or milliseconds. */
export function clockTime(atMs: number, timeZone: string, withSeconds = false): string {
  return new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(withSeconds ? { second: '2-digit' } : {}),
    timeZone,
  }).format(atMs);
}

/** The day as `2026-11-21`: equal for two moments of the same day. */
export function dayKey(atMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', timeZone }).format(atMs);
}

/** `Today`, `Yesterday`, or `Saturday, 21 November`. */
export function dayName(atMs: number, reader: Reader): string {
  return (
    relativeDay(atMs, reader) ??
    new Intl.DateTimeFormat('en-GB', {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      timeZone: reader.timeZone,
    }).format(atMs)
  );
}

/** The whole moment, for a tooltip: `Saturday 21 November 2026 at 13:05:09`. */
export function fullMoment(atMs: number, timeZone: string): string {
  const format = { dateStyle: 'full', timeStyle: 'medium', timeZone } as const;
  return new Intl.DateTimeFormat('en-GB', format).format(atMs);
}

/** `just now`, `4 min ago`, `in 2 h`, `3 days ago`. */
export function ago(atMs: number, now: number): string {
  const apart = Math.abs(now - atMs);
  if (apart < 45_000) return atMs > now ? 'in a moment' : 'just now';
  const minutes = Math.round(apart / 60_000);
  const hours = Math.round(apart / 3_600_000);
  const days = Math.round(apart / dayMs);
  const span =
    minutes < 60 ? `${minutes} min` : hours < 24 ? `${hours} h` : days === 1 ? '1 day' : `${days} days`;
  return atMs > now ? `in ${span}` : `${span} ago`;
}

/** Milliseconds of a Slack ts (`1763712582.000200`). */
export function millisecondsOf(ts: string): number {
  return Math.round(Number.parseFloat(ts) * 1000);
}

/**
 * Slack's `<!date^...>` format string, filled in: https://docs.slack.dev/messaging/formatting-message-text
 * (date formatting). An unknown token stays as it stands.
 */
export function formatSlackDate(atSeconds: number, format: string, reader: Reader): string {
  const atMs = atSeconds * 1000;
  return format.replace(/\{([a-z_]+)\}/g, (token, name: string) => tokenText(name, atMs, reader) ?? token);
}

function tokenText(name: string, atMs: number, reader: Reader): string | undefined {
  const { timeZone } = reader;
  const format = (options: Intl.DateTimeFormatOptions, locale = 'en-US') =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(atMs);
  const pretty = name.endsWith('_pretty') ? relativeDay(atMs, reader)?.toLowerCase() : undefined;
  if (pretty) return pretty;
  switch (name.replace(/_pretty$/, '')) {
    case 'date_num':
      return dayKey(atMs, timeZone);
    case 'date_slash':
      return format({ year: 'numeric', month: '2-digit', day: '2-digit' });
    case 'date':
      return format({ year: 'numeric', month: 'long', day: 'numeric' });
    case 'date_short':
      return format({ year: 'numeric', month: 'short', day: 'numeric' });
    case 'date_long':
      return format({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });
    case 'day_divider':
      return dayName(atMs, reader);
    case 'time':
      return clockTime(atMs, timeZone);
    case 'time_secs':
      return clockTime(atMs, timeZone, true);
    case 'ago':
      return ago(atMs, reader.now);
    default:
      return undefined;
  }
}

function relativeDay(atMs: number, { timeZone, now }: Reader): string | undefined {
  const day = dayKey(atMs, timeZone);
  if (day === dayKey(now, timeZone)) return 'Today';
  if (day === dayKey(now - dayMs, timeZone)) return 'Yesterday';
  return day === dayKey(now + dayMs, timeZone) ? 'Tomorrow' : undefined;
}
