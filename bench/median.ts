/** The one in the middle; of an even number of them the upper one of the two, of none 0. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
