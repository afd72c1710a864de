/** Small things that every sentence to a person needs. */
import { distance } from 'fastest-levenshtein';

/** `a`, `a and b`, `a, b and c`. */
export function listOf(words: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  if (words.length <= 1) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words[words.length - 1]}`;
}

/** `1 approval`, `2 approvals`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/**
 * The word that was most likely meant: the nearest of `known` within a third of the typed length (at least 1, at
 * most 3 changes), or one that begins with what was typed.
 */
export function nearestWord(typed: string, known: Iterable<string>): string | undefined {
  const lower = typed.toLowerCase();
  if (lower === '') return undefined;
  const allowed = Math.min(3, Math.max(1, Math.floor(lower.length / 3)));
  let best: { word: string; changes: number } | undefined;
  for (const word of known) {
    const candidate = word.toLowerCase();
    const begins = lower.length >= 2 && candidate.startsWith(lower);
    // Each letter that one has more is a change: a long text is like none of many words, and must not be compared with each.
    const isNear = Math.abs(candidate.length - lower.length) <= allowed;
    if (!begins && !isNear) continue;
    const changes = begins ? 0.5 : changesBetween(lower, candidate);
    if ((begins || changes <= allowed) && (!best || changes < best.changes)) best = { word, changes };
  }
  return best?.word;
}

/** Letters in another order count as one change: swapping two is the commonest slip, and two changes otherwise. */
function changesBetween(one: string, other: string): number {
  const letters = (word: string) => [...word].sort().join('');
  return letters(one) === letters(other) ? Math.min(1, distance(one, other)) : distance(one, other);
}

/** ` Did you mean "ttl"?`, or nothing. */
export function didYouMean(typed: string, known: Iterable<string>): string {
  const word = nearestWord(typed, known);
  return word === undefined ? '' : ` Did you mean "${word}"?`;
}

/** Cuts on whole characters and says so with an ellipsis. `max` counts UTF-16 units, as Slack's limits do. */
export function fit(text: string, max: number): string {
  if (text.length <= max) return text;
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length > max - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
