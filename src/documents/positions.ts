/** Where a value of a YAML document stands in its file. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Pair,
  type YAMLMap,
  type Document as YamlDocument,
} from 'yaml';
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
  const pairsOf = pairIndex();
  const find = (path: Path): Place => {
    let place: Place = { node: document.contents, key: undefined };
    for (const part of path) {
      const next = step(place.node, part, document, pairsOf);
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

function step(
  node: unknown,
  part: PropertyKey,
  document: YamlDocument.Parsed,
  pairsOf: PairsOf,
): Place | undefined {
  const here = isAlias(node) ? node.resolve(document) : node;
  if (isMap(here)) {
    const pair = pairsOf(here).get(String(part));
    if (pair) return { node: pair.value, key: pair.key };
  }
  if (isSeq(here) && typeof part === 'number' && part in here.items) {
    return { node: here.items[part], key: undefined };
  }
  // One item may stand for a list of one: then the item's index is not in the file.
  return part === 0 ? { node, key: undefined } : undefined;
}

type PairsOf = (map: YAMLMap) => ReadonlyMap<string, Pair>;

/** Keys looked up in one step: a file of ten thousand services may have ten thousand mistakes. */
function pairIndex(): PairsOf {
  const known = new Map<YAMLMap, ReadonlyMap<string, Pair>>();
  return (map) => {
    const index =
      known.get(map) ??
      new Map(map.items.map((pair) => [String(isScalar(pair.key) ? pair.key.value : pair.key), pair]));
    known.set(map, index);
    return index;
  };
}

function startOf(node: unknown): number | undefined {
  const range = (node as { range?: readonly number[] | null } | null | undefined)?.range;
  return range?.[0];
}

/** Exact for text on one line and for blocks; the start of the text where YAML folds or escapes otherwise. */
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
    case 'BLOCK_FOLDED':
      return offsetInsideBlock(text, start, offset);
    default:
      return start;
  }
}

/** Every line of a block gives its text and one more character, a line break or, folded, a space. */
function offsetInsideBlock(text: string, start: number, offset: number): number {
  const lines = text.slice(text.indexOf('\n', start) + 1).split('\n');
  const indent = /^ */.exec(lines.find((line) => line.trim() !== '') ?? '')?.[0].length ?? 0;
  let here = text.indexOf('\n', start) + 1;
  let left = offset;
  for (const line of lines) {
    const length = Math.max(0, line.length - indent);
    if (left <= length) return here + indent + left;
    left -= length + 1;
    here += line.length + 1;
  }
  return start;
}
