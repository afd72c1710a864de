/** YAML text to a plain value with positions. Takes any text: what is not YAML is a mistake, never a crash or a hang. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
  type Document as YamlDocument,
} from 'yaml';
import { documentLimits, type Mistake, type Source } from './document.ts';
import { type Positions, positionsOf } from './positions.ts';
import { quickValue } from './quick-yaml.ts';

export type Parsed =
  | { readonly ok: true; readonly value: unknown; readonly positions: Positions }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

export function parseYaml(source: Source): Parsed {
  const { text } = source;
  if (text.length <= documentLimits.lengthMax) {
    const quick = quickValue(text);
    if (quick) return { ok: true, value: quick.value, positions: laterPositions(source) };
  }
  return parseWhole(source);
}

function parseWhole({ file, text }: Source): Parsed {
  const refuse = (message: string): Parsed => ({
    ok: false,
    mistakes: [{ file, line: 1, column: 1, message }],
  });
  if (text.length > documentLimits.lengthMax) {
    return refuse(`The file is longer than ${documentLimits.lengthMax} characters.`);
  }
  try {
    const lines = new LineCounter();
    // yaml compares every key with every other one of its map; `complaintsOf` does it in one pass.
    const document = withoutTraces(() =>
      parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false }),
    );
    const positionAt = (offset: number, message: string): Mistake => {
      const { line, col } = lines.linePos(offset);
      return { file, line: Math.max(1, line), column: Math.max(1, col), message };
    };
    const broken = [...document.errors, ...document.warnings];
    // yaml turns an exhausted stack into one error for each level.
    if (broken.some(({ message }) => message.includes('call stack'))) return refuse(tooDeep);
    const mistakes = (broken.length > 0 ? broken.map(complaintOf) : complaintsOf(document))
      .slice(0, documentLimits.mistakesMax)
      .map(({ offset, message }) => positionAt(offset, message));
    if (mistakes.length > 0) return { ok: false, mistakes };
    const value: unknown = document.toJS({ maxAliasCount: documentLimits.aliasMax });
    return { ok: true, value, positions: positionsOf(file, text, document, lines) };
  } catch (error) {
    if (error instanceof RangeError) return refuse(tooDeep);
    if (error instanceof ReferenceError) {
      return refuse('An alias (*name) is used too often: write the value out.');
    }
    throw error;
  }
}

/** yaml makes an error for every mistake: to trace each of some thousands takes ten times as long as all the rest. */
function withoutTraces<Value>(work: () => Value): Value {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Found when the first mistake asks for one: a good document needs none. */
function laterPositions(source: Source): Positions {
  let found: Positions | undefined;
  const positions = (): Positions => {
    if (!found) {
      const parsed = parseWhole(source);
      found = parsed.ok ? parsed.positions : nowhere(source.file);
    }
    return found;
  };
  return {
    at: (path, message) => positions().at(path, message),
    atKey: (path, message) => positions().atKey(path, message),
    inside: (path, offset, message) => positions().inside(path, offset, message),
  };
}

function nowhere(file: string): Positions {
  const atTop = (message: string): Mistake => ({ file, line: 1, column: 1, message });
  return {
    at: (_path, message) => atTop(message),
    atKey: (_path, message) => atTop(message),
    inside: (_path, _offset, message) => atTop(message),
  };
}

type Node = YAMLMap | YAMLSeq;

interface Complaint {
  readonly offset: number;
  readonly message: string;
}

const tooDeep = `This is nested too deeply (at most ${documentLimits.depthMax} levels).`;

function complaintOf(error: {
  readonly pos: readonly [number, number];
  readonly message: string;
}): Complaint {
  return { offset: error.pos[0], message: `This is not YAML: ${error.message}` };
}

/** What YAML allows and we do not: keys given twice, keys that are not text, too many levels, and endless ones. */
function complaintsOf(document: YamlDocument.Parsed): Complaint[] {
  const complaints: Complaint[] = [];
  const visit = (node: unknown, around: readonly Node[]): void => {
    if (isAlias(node) && around.some(({ anchor }) => anchor === node.source)) {
      complaints.push({
        offset: node.range?.[0] ?? 0,
        message: 'An alias cannot stand inside what it repeats.',
      });
    }
    if (!(isMap(node) || isSeq(node))) return;
    const inside = [...around, node];
    if (inside.length > documentLimits.depthMax) {
      complaints.push({ offset: node.range?.[0] ?? 0, message: tooDeep });
      return;
    }
    if (isSeq(node)) {
      for (const item of node.items) visit(item, inside);
      return;
    }
    const seen = new Set<string>();
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : undefined;
      const offset = (key as { range?: readonly number[] } | null)?.range?.[0] ?? node.range?.[0] ?? 0;
      if (name === undefined) complaints.push({ offset, message: 'A key must be a plain word.' });
      else if (seen.has(name)) complaints.push({ offset, message: `The key "${name}" is here twice.` });
      else seen.add(name);
      visit(value, inside);
    }
  };
  visit(document.contents, []);
  return complaints;
}
