/** Durations as people type them: `8h`, `30m`, `2d12h`. Months and fractions are refused: they say less than they seem. */

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

const unitMs = { w: 7 * dayMs, d: dayMs, h: hourMs, m: minuteMs, s: secondMs } as const;
const pattern = /^(?:(\d{1,4})w)?(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?$/i;

/** Milliseconds, or `undefined` when the text is not a duration. Units in falling order, each at most once. */
export function parseDuration(text: string): number | undefined {
  const parts = pattern.exec(text.replaceAll(' ', ''))?.slice(1);
  if (!parts || parts.every((part) => part === undefined)) return undefined;
  return Object.values(unitMs).reduce((sum, ms, index) => sum + ms * Number(parts[index] ?? 0), 0);
}

/** The two largest units of a span, rounded down: `2d 12h`, `8h`, `45s`. Less than a second reads `0s`. */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, ms);
  const words: string[] = [];
  for (const [unit, size] of Object.entries(unitMs)) {
    if (unit === 'w') continue;
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) words.push(`${count}${unit}`);
    else if (words.length > 0) break;
    if (words.length === 2) break;
  }
  return words.join(' ') || '0s';
}
