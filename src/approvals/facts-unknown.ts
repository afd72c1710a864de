/** Which facts could not be had. */

/** `change` unknown makes `change.checks` so, and the other way round: whoever reads either reads a guess. */
export function isUnknown(path: string, unknown: readonly string[]): boolean {
  return unknown.some((one) => one === path || path.startsWith(`${one}.`) || one.startsWith(`${path}.`));
}
