/** What was measured beside what was promised, a line each. */

export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly limit: string;
  readonly isKept: boolean;
}

export function row(what: string, measured: string, limit: string, isKept: boolean): Row {
  return { what, measured, limit, isKept };
}

export function printTable(rows: readonly Row[]): void {
  for (const { what, measured, limit, isKept } of rows) {
    process.stdout.write(
      `${what.padEnd(58)}${measured.padStart(34)}   ${limit}${isKept ? '' : '   NOT KEPT'}\n`,
    );
  }
}

/** The share of them that took no longer. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export const ms = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
export const mib = (kib: number) => `${Math.round(kib / 1_024)} MiB`;
