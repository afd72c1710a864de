/** What CEL says of an expression, for people who do not know it. */

/** Its sentence, with a full stop. `rest` is the expression from the place on that CEL means. */
export function inPlainWords(summary: string, rest: string): string {
  for (const [pattern, words] of sentences) {
    const found = pattern.exec(summary);
    if (found) return words(found.slice(1), rest);
  }
  return `${summary}.`;
}

/** One of CEL's types: "a text". */
export function kindOf(type: string): string {
  const [, words] = kinds.find(([pattern]) => pattern.test(type)) as (typeof kinds)[number];
  return words;
}

/** What is called otherwise elsewhere; nothing when it is not known from there either. */
export function calledHere(name: string): string | undefined {
  return functionsElsewhere.get(name);
}

const kinds: readonly (readonly [RegExp, string])[] = [
  [/^list/, 'a list'],
  [/^(?:double|int|uint)$/, 'a number'],
  [/^string$/, 'a text'],
  [/^bool$/, 'true or false'],
  [/^null$/, 'nothing'],
  [/^bytes$/, 'bytes'],
  [/^/, 'something else'],
];

type Words = (parts: string[], rest: string) => string;

/** By what CEL's sentence begins with; the parts are its own words. */
const sentences: readonly (readonly [RegExp, Words])[] = [
  [
    /^no such overload: (\S+) (\S+) (\S+)$/,
    ([left, sign, right]) => pairWords(`${left}`, `${sign}`, `${right}`),
  ],
  [
    /^no such overload: (.)(\S+)$/,
    ([sign, type]) =>
      `"${sign}" stands before ${sign === '!' ? 'true or false' : 'a number'}, not before ${kindOf(`${type}`)}.`,
  ],
  [
    /^found no matching overload for '(?:(\w+)\S*\.)?(\w+)\((.*)\)'$/,
    ([on, name, given]) => callWords(on, `${name}`, `${given}`),
  ],
  [/^Exceeded (\w+) \((\d+)\)$/, ([name, most]) => boundWords(`${name}`, `${most}`)],
  [/^(?:Unexpected|Reserved)/, (_parts, rest) => misplacedWords(rest)],
  [/^Expected (\w+),/, ([token]) => missingWords(`${token}`)],
  [/^Unterminated/, () => 'a text begins here and does not end: a quotation mark is missing.'],
  [/^Newlines not allowed/, () => 'a text cannot go on in the next line.'],
  [
    /^(\w+)\(var, predicate\) predicate must return bool, got '(.+)'$/,
    ([name, type]) => `what ${name} asks of each must be true or false; it is ${kindOf(`${type}`)}.`,
  ],
  [/^(\w+)\(var, predicate\)/, ([name]) => `write a name first: ${name}(one, one == "word").`],
  [
    /^(Logical operator|Ternary condition).* got '(.+)'$/,
    ([which, type]) =>
      `${which === 'Logical operator' ? 'both sides of "&&" and "||"' : 'what stands before "?"'} must be true or false; here is ${kindOf(`${type}`)}.`,
  ],
  [
    /^Ternary branches must have the same type, got '(.+)' and '(.+)'$/,
    ([one, other]) => `both outcomes of "?" must be of one kind; here are ${twoKinds(`${one}`, `${other}`)}.`,
  ],
  [
    /^List elements must have the same type, expected type '(.+)' but found '(.+)'$/,
    ([one, other]) =>
      `what stands in a list must be of one kind; here are ${twoKinds(`${one}`, `${other}`)}.`,
  ],
];

function pairWords(left: string, sign: string, right: string): string {
  const [one, other] = [kindOf(left), kindOf(right)];
  if (sign === 'in' && left === 'double' && right === 'list<int>') {
    return 'whole numbers in a list are written with a point: 4.0.';
  }
  if (sign === '%') return 'there is no remainder of a number that is asked for.';
  if (left === 'bool' && right !== 'bool' && comparisons.includes(sign)) {
    return `true or false and ${other} do not go together with "${sign}": two comparisons are joined by "&&".`;
  }
  return `${one} and ${other} do not go together with "${sign}".`;
}

const comparisons: readonly string[] = ['<', '<=', '>', '>='];

function twoKinds(one: string, other: string): string {
  const [first, second] = [kindOf(one), kindOf(other)];
  return first === second ? 'a whole number and one with a point' : `${first} and ${second}`;
}

function callWords(on: string | undefined, name: string, given: string): string {
  if (on === 'list' && name === 'contains') return 'a list is asked with "in": "sre" in requester.groups.';
  const kindsGiven = given === '' ? 'nothing' : given.split(', ').map(kindOf).join(' and ');
  return `${name}() of ${on === undefined ? '' : `${kindOf(on)} with `}${kindsGiven} means nothing.`;
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
      return `a function takes ${most} values at most.`;
  }
}

/** The word or the sign that stands where it cannot. */
function misplacedWords(rest: string): string {
  const [found] = /^(?:\w+|[=<>!&|]+|.)/su.exec(rest) ?? [];
  if (found === undefined) return 'it ends here, and something is missing behind.';
  const meant = signsElsewhere.get(found);
  return `"${found}" cannot stand here.${meant === undefined ? '' : ` Did you mean "${meant}"?`}`;
}

function missingWords(token: string): string {
  const sign = signs[token];
  return sign === undefined ? 'a name is missing here.' : `"${sign}" is missing here.`;
}

/** CEL's names of them. */
const signs: Readonly<Record<string, string>> = { RPAREN: ')', RBRACKET: ']', RBRACE: '}', COLON: ':' };

/** What people write who know another language, or whose editor draws quotation marks. */
const signsElsewhere: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ and: '&&', AND: '&&', '&': '&&', or: '||', OR: '||', '|': '||' },
    ...{ is: '==', equals: '==', '=': '==', '=>': '>=', '=<': '<=' },
    ...{ '“': '"', '”': '"', '„': '"', '‘': "'", '’': "'" },
    ...{ contains: '.contains(…)', startsWith: '.startsWith(…)', endsWith: '.endsWith(…)' },
  }),
);

const functionsElsewhere: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ any: 'exists', some: 'exists', every: 'all', includes: 'in', not: '!' },
    ...{ len: 'size', length: 'size', count: 'size' },
  }),
);
