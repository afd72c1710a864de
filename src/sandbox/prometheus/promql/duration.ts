/** Durations as PromQL writes them: `5m`, `1h30m`, `500ms`, and plain seconds. */

const unitMs = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
} as const;

/** Milliseconds; `undefined` when it is none. */
export function readDuration(text: string): number | undefined {
  if (/^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text)) return Number(text) * 1000;
  if (!/^(?:\d+(?:ms|[smhdwy]))+$/.test(text)) return undefined;
  let ms = 0;
  for (const [, number, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g)) {
    ms += Number(number) * unitMs[unit as keyof typeof unitMs];
  }
  return ms;
}
