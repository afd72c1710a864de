/** Amounts as Kubernetes writes them: `100m`, `128Mi`, `2`. Pure. */

/** What a quantity's suffix stands for (Kubernetes API, "Quantity"); a bare exponent is a number's own. */
const suffixes: Readonly<Record<string, number>> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};

/** In the quantity's base unit: cores, bytes, pieces. `NaN` for what is written in a way that we cannot read. */
export function amount(quantity: string | number): number {
  const [, number = '', suffix = ''] =
    /^([\d.+-]+(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(String(quantity)) ?? [];
  return Number(number) * (suffixes[suffix] ?? Number.NaN);
}
