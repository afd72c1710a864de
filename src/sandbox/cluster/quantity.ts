/**
 * Resource quantities (`250m`, `1Gi`, `5k`) as exact numbers of thousandths, and back in canonical form.
 * Smaller than a thousandth is rounded up, as the real server does for what it stores.
 */
const binary: Record<string, bigint> = {
  Ki: 2n ** 10n,
  Mi: 2n ** 20n,
  Gi: 2n ** 30n,
  Ti: 2n ** 40n,
  Pi: 2n ** 50n,
  Ei: 2n ** 60n,
};
const decimalExponent: Record<string, number> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};

export const quantityMessage =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

export interface Quantity {
  readonly milli: bigint;
  readonly format: 'binary' | 'decimal';
}

/** `undefined` when the text is no quantity. */
export function parseQuantity(input: string | number): Quantity | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d+)?$/.exec(String(input));
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(whole + fraction);
  const factor = binary[suffix];
  const exponent = factor === undefined ? (decimalExponent[suffix] ?? Number(suffix.slice(1))) : 0;
  if (Math.abs(exponent) > 30) return undefined;
  const shift = exponent + 3 - fraction.length;
  const scaled = digits * (factor ?? 1n);
  const milli = shift >= 0 ? scaled * 10n ** BigInt(shift) : divideUp(scaled, 10n ** BigInt(-shift));
  return { milli: sign === '-' ? -milli : milli, format: factor === undefined ? 'decimal' : 'binary' };
}

/** Thousandths of a unit; 0 for text that is no quantity (validation has refused that before). */
export function milliOf(input: string | number | undefined): bigint {
  return (input === undefined ? undefined : parseQuantity(input))?.milli ?? 0n;
}

/** The canonical text: the largest suffix that loses nothing. */
export function formatQuantity({ milli, format }: Quantity): string {
  if (milli === 0n) return '0';
  if (format === 'binary' && milli % 1000n === 0n) {
    const units = milli / 1000n;
    for (const suffix of ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki']) {
      const factor = binary[suffix] ?? 1n;
      if (units % factor === 0n) return `${units / factor}${suffix}`;
    }
    return String(units);
  }
  for (const [suffix, exponent] of Object.entries(decimalExponent).reverse()) {
    if (exponent < -3) continue;
    const factor = 10n ** BigInt(exponent + 3);
    if (milli % factor === 0n) return `${milli / factor}${suffix}`;
  }
  return `${milli}m`;
}

/** The canonical form of a quantity's text; the text itself when it is none. */
export function canonicalQuantity(input: string | number): string {
  const quantity = parseQuantity(input);
  return quantity ? formatQuantity(quantity) : String(input);
}

function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
