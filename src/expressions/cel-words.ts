/** What CEL says of an expression, for people who do not know it. */

const kinds: readonly (readonly [RegExp, string])[] = [
  [/^list/, 'a list'],
  [/^(?:double|int|uint)$/, 'a number'],
  [/^string$/, 'a text'],
  [/^bool$/, 'true or false'],
  [/^null$/, 'nothing'],
  [/^bytes$/, 'bytes'],
  [/^/, 'something else'],
];

/** Its sentence, with a full stop. */
export function inPlainWords(summary: string): string {
  const overload = /^no such overload: (\S+) (\S+) (\S+)$/.exec(summary);
  if (overload) {
    const [, left, sign, right] = overload as unknown as [string, string, string, string];
    return overloadWords(left, sign, right);
  }
  const bound = /^Exceeded (\w+) \((\d+)\)$/.exec(summary);
  if (bound) {
    const [, name, most] = bound as unknown as [string, string, string];
    return boundWords(name, most);
  }
  return `${summary}.`;
}

function overloadWords(left: string, sign: string, right: string): string {
  const [one, other] = [kindOf(left), kindOf(right)];
  if (sign === 'in' && left === 'double' && right === 'list<int>') {
    return 'whole numbers in a list are written with a point: 4.0.';
  }
  if (sign === '%') return 'there is no remainder of a number that is asked for.';
  return `${one} and ${other} do not go together with "${sign}".`;
}

function kindOf(type: string): string {
  const [, words] = kinds.find(([pattern]) => pattern.test(type)) as (typeof kinds)[number];
  return words;
}

function boundWords(name: string, most: string): string {
  switch (name) {
    case 'maxDepth':
      return `this stands more than ${most} levels deep: split it into two rules.`;
    case 'maxAstNodes':
      return `this has more than ${most} parts: split it into two rules.`;
    case 'maxListElements':
      return `a list has ${most} entries at most.`;
    case 'maxMapEntries':
      return 'there are no maps here.';
    default:
      return `${name} is ${most} at most.`;
  }
}
