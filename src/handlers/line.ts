/**
 * What follows a slash command, as words and flags. Phones type curly quotes and turn `--` into a long dash; Slack
 * escapes mentions and links. Pure; takes any text, and reads it once from left to right, so no text can hang it.
 */

export interface Word {
  readonly text: string;
  /** Written in quotes: never a flag and never a key word. */
  readonly isQuoted: boolean;
}

export interface Flag {
  /** Without its dashes, as typed. */
  readonly name: string;
  /** `undefined` when nothing followed. */
  readonly value: string | undefined;
}

export interface Line {
  readonly words: readonly Word[];
  readonly flags: readonly Flag[];
}

/** Slack takes 40,000 characters; a command that long is not meant. */
const lineMax = 10_000;

/** `isSwitch` says of a flag that it takes no value, so that the next word is not taken for one. */
export function readLine(text: string, isSwitch: (name: string) => boolean = () => false): Line {
  const all = wordsOf(asTyped(text.slice(0, lineMax)));
  const words: Word[] = [];
  const flags: Flag[] = [];
  for (let index = 0; index < all.length; index++) {
    const word = all[index];
    if (word === undefined) break;
    const name = word.isQuoted ? undefined : flagName(word.text);
    if (name === undefined) {
      words.push(word);
      continue;
    }
    const equals = name.indexOf('=');
    if (equals >= 0) {
      flags.push({ name: name.slice(0, equals), value: name.slice(equals + 1) });
      continue;
    }
    const next = all[index + 1];
    const isValue =
      next !== undefined && !isSwitch(name) && (next.isQuoted || flagName(next.text) === undefined);
    flags.push({ name, value: isValue ? next.text : undefined });
    if (isValue) index++;
  }
  return { words, flags };
}

/** Hyphen-minus twice, or one of the dashes that phones make of it. */
const flagStart = /^(?:--|[\u2012-\u2015\u2212])(?=[\p{L}])/u;

function flagName(word: string): string | undefined {
  return flagStart.test(word) ? word.replace(flagStart, '') : undefined;
}

const closingOf: Readonly<Record<string, string>> = {
  '"': '"“”„',
  '“': '"“”',
  '”': '"“”',
  '„': '"“”',
  '«': '»',
  "'": "'’",
  '‘': "'’",
  '`': '`',
};

function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let current: string | undefined;
  let isQuoted = false;
  let closing: string | undefined;
  const finish = () => {
    if (current !== undefined) words.push({ text: current, isQuoted });
    current = undefined;
    isQuoted = false;
  };
  for (const character of text) {
    if (closing !== undefined) {
      if (closing.includes(character)) closing = undefined;
      else current += character;
    } else if (/\s/u.test(character)) {
      finish();
    } else if (Object.hasOwn(closingOf, character) && (current === undefined || current.endsWith('='))) {
      // Inside a word a quote is only a character: `it's`.
      closing = closingOf[character];
      isQuoted = current === undefined;
      current ??= '';
    } else {
      current = (current ?? '') + character;
    }
  }
  finish();
  return words;
}

/** `<@U1|dana>` -> `@U1`, `<#C1|general>` -> `#general`, `<https://x|x>` -> `x`: what the person typed. */
function asTyped(text: string): string {
  return text
    .replaceAll(/<([^<>]*)>/gu, (_whole, inner: string) => {
      const bar = inner.indexOf('|');
      const target = bar < 0 ? inner : inner.slice(0, bar);
      const label = bar < 0 ? '' : inner.slice(bar + 1);
      if (target.startsWith('@')) return target;
      if (target.startsWith('#')) return label === '' ? target : `#${label}`;
      if (target.startsWith('!')) return label === '' ? `@${target.slice(1)}` : label;
      return label === '' ? target.replace(/^mailto:/u, '') : label;
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
