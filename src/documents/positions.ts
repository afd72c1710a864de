/** Where a value of a YAML document stands in its file. */
import { isAlias, isMap, isScalar, isSeq, type LineCounter, type Document as YamlDocument } from 'yaml';
import type { Mistake } from './document.ts';

export type Path = readonly PropertyKey[];

export interface Positions {
  /** A mistake at the value under `path`, or at the nearest parent that exists. */
  at(path: Path, message: string): Mistake;
  /** At the key that names the value: for a key that should not be there. */
  atKey(path: Path, message: string): Mistake;
  /** Inside the text under `path`, `offset` UTF-16 units into the value. */
  inside(path: Path, offset: number, message: string): Mistake;
}

interface Place {
  readonly node: unknown;
  readonly key: unknown;
}

export function positionsOf(
  file: string,
  text: string,
  document: YamlDocument.Parsed,
  lines: LineCounter,
): Positions {
  const mistake = (offset: number, message: string): Mistake => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col), message };
  };
  const find = (path: Path): Place => {
    let place: Place = { node: document.contents, key: undefined };
    for (const part of path) {
      const next = step(place.node, part, document);
      if (next === undefined) break;
      place = next;
    }
    return place;
  };
  return {
    at: (path, message) => {
      const { node, key } = find(path);
      return mistake(startOf(node) ?? startOf(key) ?? 0, message);
    },
    atKey: (path, message) => {
      const { node, key } = find(path);
      return mistake(startOf(key) ?? startOf(node) ?? 0, message);
    },
    inside: (path, offset, message) => mistake(offsetInside(find(path).node, offset, text), message),
  };
}

function step(node: unknown, part: PropertyKey, document: YamlDocument.Parsed): Place | undefined {
  const here = isAlias(node) ? node.resolve(document) : node;
  if (isMap(here)) {
    const pair = here.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(part));
    if (pair) return { node: pair.value, key: pair.key };
  }
  if (isSeq(here) && typeof part === 'number' && part in here.items) {
    return { node: here.items[part], key: undefined };
  }
  // One item may stand for a list of one: then the item's index is not in the file.
  return part === 0 ? { node, key: undefined } : undefined;
}

function startOf(node: unknown): number | undefined {
  const range = (node as { range?: readonly number[] | null } | null | undefined)?.range;
  return range?.[0];
}

/** Exact for text on one line and for block literals; the start of the text where YAML folds or escapes. */
function offsetInside(node: unknown, offset: number, text: string): number {
  const start = startOf(node) ?? 0;
  if (!isScalar(node) || !node.range) return start;
  const [, end] = node.range;
  switch (node.type) {
    case 'PLAIN':
      return text.slice(start, end).includes('\n') ? start : start + offset;
    case 'QUOTE_SINGLE':
    case 'QUOTE_DOUBLE':
      return /[\n\\]|''/.test(text.slice(start, end)) ? start : start + 1 + offset;
    case 'BLOCK_LITERAL':
      return offsetInsideLiteral(text, start, String(node.value).slice(0, offset));
    default:
      return start;
  }
}

/** `before` is the value's text up to the wanted place: its line number and length tell where that is. */
function offsetInsideLiteral(text: string, start: number, before: string): number {
  const linesBefore = before.split('\n');
  let line = text.indexOf('\n', start) + 1;
  const indent = /^(?:[ \t]*\n)*( *)/.exec(text.slice(line))?.[1]?.length ?? 0;
  for (let skipped = 1; skipped < linesBefore.length; skipped += 1) line = text.indexOf('\n', line) + 1;
  return line + indent + (linesBefore.at(-1)?.length ?? 0);
}
