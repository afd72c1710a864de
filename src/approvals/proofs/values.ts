/** Which values of one fact a condition could tell apart. */
import type { Branch, Leaf } from '../../expressions/scope.ts';
import type { Literal } from '../../expressions/syntax.ts';
import type { Choice } from './domain.ts';

/**
 * The plain one first. `emails` stand for people: a text that is compared
 * with no word is compared with another fact, and those that differ from person to person are addresses.
 */
export function valuesOf(
  path: string,
  leaf: Leaf,
  literals: readonly Literal[],
  emails: readonly string[],
): Choice[] {
  const parts = path.split('.') as [string, ...string[]];
  const texts = literals
    .filter((one) => typeof one === 'string')
    // A law names words of several facts.
    .filter((one) => one === '' || (leaf.words?.includes(one) ?? true));
  const choice = (value: unknown): Choice => ({
    words: `${path} is ${wordsOf(value)}`,
    puts: [{ path: parts, value }],
  });
  switch (leaf.type) {
    case 'bool':
      return [choice(false), choice(true)];
    case 'double':
      return numbersAround(
        literals.filter((one) => typeof one === 'number'),
        leaf.range,
      ).map(choice);
    case 'string':
      return textsBeside(texts.length > 0 || leaf.words ? texts : emails, leaf.words).map(choice);
    // There is no other kind of fact: subjects.ts makes them.
    default:
      return listsOf(texts, leaf.words).map(choice);
  }
}

/** Every path that is read leads to a value: that was checked with the file. */
export function leafAt(scope: Branch, keys: readonly string[]): Leaf {
  return keys.reduce<Branch | Leaf>((here, key) => (here as Branch).fields[key] as Branch, scope) as Leaf;
}

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'empty' : value.join(', ');
  return value === '' ? 'left out' : String(value);
}

/** One below all literals, each of them, and one above each: between two there is nothing that a condition could see. */
function numbersAround(literals: readonly number[], range: Leaf['range']): number[] {
  const { min = -Infinity, max = Infinity, isWhole } = range as NonNullable<Leaf['range']>;
  const whole = literals.flatMap((one) => (isWhole ? [Math.floor(one), Math.ceil(one)] : [one]));
  const sorted = [...new Set(literals.length === 0 ? [0] : whole)].sort((a, b) => a - b);
  const above = sorted.map((literal, index) => {
    const next = sorted[index + 1] ?? Infinity;
    return literal + 1 < next || isWhole ? literal + 1 : (literal + next) / 2;
  });
  const below = belowOf(Math.min(...sorted), min);
  const possible = [...new Set([below, ...sorted, ...above])].filter((one) => one >= min && one <= max);
  return possible.sort((a, b) => a - b);
}

/** Nothing where that is below: two numbers may be added up before they are compared. */
function belowOf(first: number, min: number): number {
  const small = Math.max(0, min);
  return small < first ? small : first - 1;
}

/** A word that nobody speaks of, and each that somebody does. Left out reads as nothing. */
function textsBeside(literals: readonly string[], words: readonly string[] | undefined): string[] {
  const other = words === undefined ? 'something else' : words.find((word) => !literals.includes(word));
  return [...(other === undefined ? [] : [other]), ...new Set(literals)];
}

/** So many names have all their combinations tried; of more, each alone, all, and none. */
const combinedMax = 3;

function listsOf(literals: readonly string[], words: readonly string[] | undefined): string[][] {
  const names = literals.length > 0 ? [...new Set(literals)] : [words?.[0] ?? 'something'];
  if (names.length > combinedMax) return [[], ...names.map((name) => [name]), names];
  return names.reduce<string[][]>((sets, name) => sets.concat(sets.map((set) => [...set, name])), [[]]);
}
