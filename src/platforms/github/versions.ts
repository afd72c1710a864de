/** Which tag is newer, from its name alone: GitHub's list says nothing of time. Pure. */

/**
 * Versions first, the highest first, by the rules of semver.org (a release is newer than its candidates); then the
 * others in the order they came.
 */
export function newestFirst(tags: readonly string[]): string[] {
  const read = tags.map((tag, index) => ({ tag, index, version: versionOf(tag) }));
  read.sort((a, b) => {
    if (!a.version || !b.version) return Number(!a.version) - Number(!b.version) || a.index - b.index;
    return compareVersions(b.version, a.version) || a.index - b.index;
  });
  return read.map((one) => one.tag);
}

interface Version {
  readonly numbers: readonly number[];
  /** Empty for a release. */
  readonly candidate: readonly string[];
}

/** `v1.4.2`, `1.4`, `payments-v1.4.2`, `v1.5.0-rc.1`, `2026.11.20`. */
function versionOf(tag: string): Version | undefined {
  const match = /(?:^|[^\d])(\d+(?:\.\d+)+)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/.exec(tag);
  const numbers = match?.[1]?.split('.').map(Number);
  return numbers && { numbers, candidate: match?.[2]?.split('.') ?? [] };
}

function compareVersions(a: Version, b: Version): number {
  for (let place = 0; place < Math.max(a.numbers.length, b.numbers.length); place++) {
    const difference = (a.numbers[place] ?? 0) - (b.numbers[place] ?? 0);
    if (difference !== 0) return difference;
  }
  if (a.candidate.length === 0 || b.candidate.length === 0) return b.candidate.length - a.candidate.length;
  return compareCandidates(a.candidate, b.candidate);
}

function compareCandidates(a: readonly string[], b: readonly string[]): number {
  for (let place = 0; place < Math.max(a.length, b.length); place++) {
    const [left, right] = [a[place], b[place]];
    if (left === undefined || right === undefined) return a.length - b.length;
    const difference = left.localeCompare(right, 'en', { numeric: true });
    if (difference !== 0) return difference;
  }
  return 0;
}
