/** What has broken parsers before: texts, numbers and names, and how a valid text or value is damaged with them. */
import type { Random } from './random.ts';

/** Planted where people type, so that a log line that repeats what was typed is found. Made up; opens nothing. */
export const plantedSecret = `ghp_${'fuzzFUZZ0'.repeat(4)}`;

/** Each for one habit of some parser: direction, width, joining, halves of pairs, ends, escapes, formulas, paths. */
export const nastyTexts: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\u202Eevil\u202C',
  '\u2066x\u2069',
  '\u200b\u200d\ufeff',
  'e\u0301'.repeat(40),
  `Z${'\u0335'.repeat(200)}`,
  '👩‍👩‍👧‍👦'.repeat(20),
  'ﷺ'.repeat(30),
  'İı',
  'ａｄｍｉｎ',
  'раyments',
  '\r\n\r\n',
  '\u2028\u2029',
  '\u001b[2J',
  '"',
  "'",
  '“',
  '”',
  '--',
  '-',
  '--=',
  '---',
  '=',
  '\\',
  '`',
  '```',
  '<!channel>',
  '<@U0SAM>',
  '<@U0SAM|sam>',
  '<#C0DEPLOYS|deploys>',
  '<https://evil.example|payments>',
  '&lt;!here&gt;',
  '*_~`',
  '../../../etc/passwd',
  '$'.concat('{jndi:ldap://x}'),
  '{{7*7}}',
  '%s%n%x',
  "'; drop table requests; --",
  '=cmd|calc',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  'true',
  '1e309',
  '0x10',
  '-0',
  '٣',
  '१२',
  'REQ-0',
  'REQ-1',
  'REQ-99999999999999999999',
  'REQ--1',
  '/env',
  '/unknown',
  'xoxb-',
  plantedSecret,
];

export const nastyNumbers: readonly number[] = [
  ...[0, -0, 1, -1, 0.1, 1e-320, 255, 256, 65_536, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53, 2 ** 53 + 2],
  ...[-(2 ** 53), 1e21, 1e308, -1e308, Number.MAX_SAFE_INTEGER],
];

export const nastyKeys: readonly string[] = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON', 'length'],
  ...['', ' ', '0', '-1', '\u0000', '\ud800', 'a.b', 'a[0]', '$ref', '$where'],
];

/** Runs of what backtracks in a regular expression that was written without care. */
export function hostileText(random: Random): string {
  const length = random.pick([50, 500, 3_000, 12_000]);
  const unit = random.pick([
    'a',
    ' ',
    '-',
    '"',
    '.',
    '@',
    'a@',
    'a.',
    '((',
    '\\',
    '/',
    '0',
    '1h',
    'é',
    '\t',
    '<',
    '- ',
  ]);
  return unit.repeat(Math.ceil(length / unit.length)) + random.pick(['', '!', '\u0000', '"', 'é']);
}

export function nastyText(random: Random): string {
  return random.chance(0.08) ? hostileText(random) : random.pick(nastyTexts);
}

/** The text with one to four damages: bits, cuts, repeats, pieces of others, nasty texts between. */
export function damagedText(random: Random, text: string, others: readonly string[] = []): string {
  let damaged = text;
  for (let times = 1 + random.below(4); times > 0; times--) damaged = damagedOnce(random, damaged, others);
  return damaged;
}

function damagedOnce(random: Random, text: string, others: readonly string[]): string {
  const at = random.below(text.length + 1);
  const to = Math.min(text.length, at + 1 + random.below(12));
  switch (random.below(9)) {
    case 0:
      return `${text.slice(0, at)}${String.fromCharCode((text.charCodeAt(at) || 97) ^ (1 << random.below(8)))}${text.slice(at + 1)}`;
    case 1:
      return text.slice(0, at) + text.slice(to);
    case 2:
      return text.slice(0, at) + text.slice(at, to).repeat(1 + random.below(20)) + text.slice(to);
    case 3:
      return text.slice(0, at) + nastyText(random) + text.slice(at);
    case 4:
      return text.slice(0, at) + nastyText(random) + text.slice(to);
    case 5: {
      const other = others.length > 0 ? random.pick(others) : text;
      return text.slice(0, at) + other.slice(random.below(other.length + 1));
    }
    case 6:
      return text.slice(0, at);
    case 7:
      return swapWords(random, text);
    default:
      return text.replace(/\d+/, () => String(random.pick(nastyNumbers)));
  }
}

function swapWords(random: Random, text: string): string {
  const words = text.split(' ');
  const one = random.below(words.length);
  const other = random.below(words.length);
  [words[one], words[other]] = [words[other] ?? '', words[one] ?? ''];
  return words.join(' ');
}

/** Any JSON value, at most a few levels deep but for one that is very deep now and then. */
export function nastyValue(random: Random, depth = 0): unknown {
  if (depth === 0 && random.chance(0.02)) return deep(random.pick([50, 500, 2_000]), random);
  switch (random.below(depth > 2 ? 5 : 7)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return random.pick(nastyNumbers);
    case 3:
    case 4:
      return nastyText(random);
    case 5:
      return Array.from({ length: random.below(4) }, () => nastyValue(random, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random.below(4) }, () => [
          random.pick(nastyKeys),
          nastyValue(random, depth + 1),
        ]),
      );
  }
}

function deep(levels: number, random: Random): unknown {
  let value: unknown = 'x';
  const isList = random.chance(0.5);
  for (let level = 0; level < levels; level++) value = isList ? [value] : { a: value };
  return value;
}

/** The value with one to three of its parts, anywhere in it, taken away, doubled, renamed or put otherwise. */
export function damagedValue(random: Random, value: unknown): unknown {
  let damaged = structuredClone(value);
  for (let times = 1 + random.below(3); times > 0; times--) damaged = damagedPart(random, damaged);
  return damaged;
}

function damagedPart(random: Random, value: unknown): unknown {
  const parts = partsOf(value);
  const [holder, key] = parts.length === 0 || random.chance(0.01) ? [] : random.pick(parts);
  if (holder === undefined || key === undefined) return nastyValue(random);
  const before = holder[key];
  switch (random.below(6)) {
    case 0:
      delete holder[key];
      break;
    case 1:
      own(holder, random.pick(nastyKeys), nastyValue(random));
      break;
    case 2:
      own(holder, key, typeof before === 'string' ? damagedText(random, before) : nastyValue(random));
      break;
    case 3:
      own(holder, key, [before, before]);
      break;
    case 4:
      own(holder, key, { [random.pick(nastyKeys)]: before });
      break;
    default:
      own(holder, key, nastyValue(random));
  }
  return value;
}

/** As JSON.parse would: `__proto__` becomes a key like any other. */
function own(holder: Record<string, unknown>, key: string, value: unknown): void {
  if (Array.isArray(holder)) holder.push(value);
  else Object.defineProperty(holder, key, { value, enumerable: true, writable: true, configurable: true });
}

function partsOf(
  value: unknown,
  found: [Record<string, unknown>, string][] = [],
): [Record<string, unknown>, string][] {
  if (typeof value !== 'object' || value === null) return found;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    found.push([holder, key]);
    partsOf(holder[key], found);
  }
  return found;
}
