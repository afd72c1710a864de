/**
 * Slack's mrkdwn as a tree of plain values. Pure: the tree is closed (no node holds markup), links carry only
 * addresses that `safeUrl` lets through, and what cannot be read is text.
 */
import { decodeEntities, safeUrl } from './safe.ts';

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'bold' | 'italic' | 'strike'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'emoji'; readonly name: string }
  | { readonly kind: 'link'; readonly url: string; readonly label: string }
  | { readonly kind: 'user' | 'channel' | 'group'; readonly id: string; readonly label: string }
  | { readonly kind: 'broadcast'; readonly range: string }
  | {
      readonly kind: 'date';
      readonly atSeconds: number;
      readonly format: string;
      readonly url: string | undefined;
      readonly fallback: string;
    };

export type TextBlock =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'quote'; readonly children: readonly TextBlock[] }
  | { readonly kind: 'fence'; readonly text: string }
  /** Slack draws list markers as they were typed; we add the hanging indent. */
  | {
      readonly kind: 'item';
      readonly marker: string;
      readonly indent: number;
      readonly children: readonly Inline[];
    };

export interface MrkdwnOptions {
  /** Slack's `verbatim`: bare addresses stay text. */
  readonly verbatim?: boolean;
}

/** Reads a mrkdwn text. Never throws, whatever the text. */
export function parseMrkdwn(text: string, options: MrkdwnOptions = {}): readonly TextBlock[] {
  const blocks: TextBlock[] = [];
  let rest = text;
  while (rest.length > 0) {
    const fence = /```\n?([\s\S]*?)\n?```/.exec(rest);
    if (!fence) break;
    blocks.push(...parseLines(trimOneBreak(rest.slice(0, fence.index), 'end'), options));
    blocks.push({ kind: 'fence', text: plainOf(fence[1] ?? '') });
    rest = trimOneBreak(rest.slice(fence.index + fence[0].length), 'start');
  }
  return [...blocks, ...parseLines(rest, options)];
}

/** A single run of text without quotes, lists and fences: labels, fields of a table, plain sentences. */
export function parseInline(text: string, options: MrkdwnOptions = {}): readonly Inline[] {
  return readInline(text, options, 0);
}

function trimOneBreak(text: string, side: 'start' | 'end'): string {
  return side === 'start' ? text.replace(/^\n/, '') : text.replace(/\n$/, '');
}

const quoteMark = /^(?:&gt;|>) ?/;
const itemMark = /^(\s*)(•|◦|▪︎?|-|\d{1,3}\.)\s+(?=\S)/;

function parseLines(text: string, options: MrkdwnOptions): readonly TextBlock[] {
  if (text === '') return [];
  const blocks: TextBlock[] = [];
  let paragraph: string[] = [];
  let quote: string[] = [];
  const flush = () => {
    if (paragraph.length > 0) {
      blocks.push({ kind: 'paragraph', children: readInline(paragraph.join('\n'), options, 0) });
    }
    if (quote.length > 0) blocks.push({ kind: 'quote', children: parseLines(quote.join('\n'), options) });
    paragraph = [];
    quote = [];
  };

  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (/^(?:&gt;|>){3}/.test(line)) {
      flush();
      const inside = [line.replace(/^(?:&gt;|>){3} ?/, ''), ...lines.slice(index + 1)].join('\n');
      // The text behind `>>>` is one quote to the end: it holds no further `>>>`.
      blocks.push({
        kind: 'quote',
        children: [{ kind: 'paragraph', children: readInline(inside, options, 0) }],
      });
      return blocks;
    }
    const item = itemMark.exec(line);
    if (quoteMark.test(line)) {
      if (paragraph.length > 0) flush();
      quote.push(line.replace(quoteMark, ''));
    } else if (item) {
      flush();
      blocks.push({
        kind: 'item',
        marker: item[2] ?? '',
        indent: Math.min(Math.floor((item[1] ?? '').length / 2), 5),
        children: readInline(line.slice(item[0].length), options, 0),
      });
    } else {
      if (quote.length > 0) flush();
      paragraph.push(line);
    }
  }
  flush();
  return blocks;
}

/** Deeper nesting than this is text: nobody writes it, and it bounds the work. */
const nestingMax = 6;
const styles = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
const emojiCode = /^:([a-z0-9_+'-]+)(?:::skin-tone-[2-6])?:/;
const bareUrl = /^https?:\/\/[^\s<>|`]*[^\s<>|`.,;:!?)\]}'"*_~]/;

function readInline(text: string, options: MrkdwnOptions, depth: number): readonly Inline[] {
  const found: Inline[] = [];
  let plain = '';
  const push = (node: Inline) => {
    if (plain !== '') found.push({ kind: 'text', text: decodeEntities(plain) });
    plain = '';
    found.push(node);
  };

  for (let at = 0; at < text.length; ) {
    const char = text.charAt(at);
    const taken = readOne(text, at, char, options, depth);
    if (taken) {
      push(taken.node);
      at += taken.length;
    } else {
      plain += char;
      at += 1;
    }
  }
  if (plain !== '') found.push({ kind: 'text', text: decodeEntities(plain) });
  return found;
}

interface Taken {
  readonly node: Inline;
  readonly length: number;
}

function readOne(
  text: string,
  at: number,
  char: string,
  options: MrkdwnOptions,
  depth: number,
): Taken | undefined {
  switch (char) {
    case '\n':
      return { node: { kind: 'break' }, length: 1 };
    case '<':
      return readAngle(text, at);
    case '`':
      return readCode(text, at);
    case ':': {
      const code = emojiCode.exec(text.slice(at, at + 120));
      return code ? { node: { kind: 'emoji', name: code[1] ?? '' }, length: code[0].length } : undefined;
    }
    case 'h': {
      if (options.verbatim || !isBoundary(text[at - 1])) return undefined;
      const address = bareUrl.exec(text.slice(at, at + 3000))?.[0];
      const url = address === undefined ? undefined : safeUrl(decodeEntities(address));
      if (address === undefined || url === undefined) return undefined;
      return { node: { kind: 'link', url, label: decodeEntities(address) }, length: address.length };
    }
    case '*':
    case '_':
    case '~':
      return readStyled(text, at, char, options, depth);
    default:
      return undefined;
  }
}

function readAngle(text: string, at: number): Taken | undefined {
  const end = text.indexOf('>', at);
  if (end < 0) return undefined;
  const inside = text.slice(at + 1, end);
  if (inside === '' || /[<\n]/.test(inside)) return undefined;
  const node = angleNode(inside);
  return node && { node, length: end - at + 1 };
}

function angleNode(inside: string): Inline | undefined {
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? '' : decodeEntities(inside.slice(bar + 1));

  const user = /^@([UW][A-Z0-9]+)$/.exec(target)?.[1];
  if (user) return { kind: 'user', id: user, label };
  const channel = /^#([CGD][A-Z0-9]+)$/.exec(target)?.[1];
  if (channel) return { kind: 'channel', id: channel, label };
  const group = /^!subteam\^(S[A-Z0-9]+)$/.exec(target)?.[1];
  if (group) return { kind: 'group', id: group, label };
  const broadcast = /^!(here|channel|everyone|group)$/.exec(target)?.[1];
  if (broadcast) return { kind: 'broadcast', range: broadcast === 'group' ? 'channel' : broadcast };
  const date = /^!date\^(\d{1,11})\^([^^]+)(?:\^(.+))?$/.exec(target);
  if (date) {
    return {
      kind: 'date',
      atSeconds: Number(date[1]),
      format: decodeEntities(date[2] ?? ''),
      url: safeUrl(date[3]),
      fallback: label,
    };
  }
  if (/^[!@#]/.test(target)) return { kind: 'text', text: label || decodeEntities(target) };
  const url = safeUrl(decodeEntities(target));
  if (url) return { kind: 'link', url, label: label || decodeEntities(target).replace(/^mailto:/, '') };
  return undefined;
}

function readCode(text: string, at: number): Taken | undefined {
  const end = text.indexOf('`', at + 1);
  if (end <= at + 1) return undefined;
  const inside = text.slice(at + 1, end);
  if (inside.includes('\n') || inside.trim() === '') return undefined;
  return { node: { kind: 'code', text: plainOf(inside) }, length: end - at + 1 };
}

function readStyled(
  text: string,
  at: number,
  mark: '*' | '_' | '~',
  options: MrkdwnOptions,
  depth: number,
): Taken | undefined {
  const opens = isBoundary(text[at - 1]) && /[^\s]/.test(text[at + 1] ?? ' ') && text[at + 1] !== mark;
  if (!opens || depth >= nestingMax) return undefined;
  const end = closingMark(text, at, mark);
  if (end === undefined) return undefined;
  const children = readInline(text.slice(at + 1, end), options, depth + 1);
  return { node: { kind: styles[mark], children }, length: end - at + 1 };
}

/** Where the style ends: same line, not behind a space, not inside a word, code or `<...>`. */
function closingMark(text: string, at: number, mark: string): number | undefined {
  for (let index = at + 1; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (char === '\n') return undefined;
    if (char === '`') {
      const code = readCode(text, index);
      if (code) index += code.length - 1;
    } else if (char === '<') {
      const angle = readAngle(text, index);
      if (angle) index += angle.length - 1;
    } else if (char === mark && index > at + 1 && !/\s/.test(text.charAt(index - 1))) {
      if (isBoundary(text[index + 1])) return index;
    }
  }
  return undefined;
}

function isBoundary(char: string | undefined): boolean {
  return char === undefined || !/[\p{L}\p{N}]/u.test(char);
}

/** Inside code, `<...>` that Slack made of an address or a mention reads as its label. */
function plainOf(text: string): string {
  const withoutAngles = text.replace(
    /<([^<>\n|]+)(?:\|([^<>\n]*))?>/g,
    (_all, target: string, label = '') => {
      return label || target;
    },
  );
  return decodeEntities(withoutAngles);
}
