/**
 * A JSON value whose texts hold `${...}`: each an expression, checked when the file is read. Filling in goes through the
 * values once: what is filled in is data, never again looked at for `${`, and never becomes a key or another structure
 * unless it stands alone and the author's schema let it be one.
 */
import { templateDialect } from '../expressions/dialect.ts';
import { type Expression, readExpression } from '../expressions/expression.ts';
import type { Branch } from '../expressions/scope.ts';
import { plainValue } from './plain-value.ts';

export interface Template {
  /** Paths of the values that it speaks of: `input.size`, `resources.database.status.host`. */
  readonly reads: readonly string[];
  /** @throws Error naming the expression that could not be told. */
  fill(values: Readonly<Record<string, unknown>>): unknown;
}

export interface TemplateMistake {
  /** Where in the value: keys and indexes. */
  readonly path: readonly (string | number)[];
  /** UTF-16 units into the text there. */
  readonly offset: number;
  readonly message: string;
}

export interface ReadTemplate {
  readonly template: Template;
  readonly mistakes: readonly TemplateMistake[];
}

export function readTemplate(value: unknown, scope: Branch): ReadTemplate {
  if (typeof value === 'string') return readText(value, scope);
  if (value === null || typeof value !== 'object') return fixed(value);
  const isList = Array.isArray(value);
  const entries: [string | number, unknown][] = isList ? [...value.entries()] : Object.entries(value);
  const parts = entries.map(([key, inner]) => ({ key, read: readTemplate(inner, scope) }));
  return {
    mistakes: parts.flatMap(({ key, read }) =>
      read.mistakes.map((mistake) => ({ ...mistake, path: [key, ...mistake.path] })),
    ),
    template: {
      reads: [...new Set(parts.flatMap(({ read }) => read.template.reads))],
      fill(values) {
        const filled = parts.map(({ key, read }) => [key, read.template.fill(values)] as const);
        return isList ? filled.map(([, inner]) => inner) : Object.fromEntries(filled);
      },
    },
  };
}

function fixed(value: unknown): ReadTemplate {
  return { mistakes: [], template: { reads: [], fill: () => value } };
}

type Piece =
  | { readonly text: string }
  | { readonly source: string; readonly offset: number; readonly isClosed: boolean };

function readText(text: string, scope: Branch): ReadTemplate {
  const mistakes: TemplateMistake[] = [];
  const pieces = piecesOf(text).map((piece): string | Expression => {
    if ('text' in piece) return piece.text;
    if (!piece.isClosed) {
      const message = `The placeholder "\${${piece.source}" has no closing brace.`;
      mistakes.push({ path: [], offset: piece.offset - 2, message });
      return '';
    }
    const read = readExpression(piece.source, new Map([['', scope]]), anything);
    if (read.ok) return read.expression;
    mistakes.push(
      ...read.mistakes.map(({ offset, message }) => ({ path: [], offset: piece.offset + offset, message })),
    );
    return '';
  });
  const expressions = pieces.filter((piece) => typeof piece !== 'string');
  const [alone] = expressions;
  return {
    mistakes,
    template: {
      reads: [...new Set(expressions.flatMap(({ reads }) => reads))],
      // Alone it keeps its type: `replicas: ${environment.replicas}` is a number.
      fill: (values) =>
        alone && pieces.length === 1
          ? plainValue(told(alone, values))
          : pieces.map((piece) => (typeof piece === 'string' ? piece : textOf(piece, values))).join(''),
    },
  };
}

const anything = { dialect: templateDialect, words: '' };

/** `$${` writes a plain `${`. A brace inside a quoted text of an expression does not end it. */
function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let plain = '';
  let at = 0;
  while (at < text.length) {
    if (text.startsWith('$${', at)) {
      plain += '${';
      at += 3;
    } else if (text.startsWith('${', at)) {
      if (plain !== '') pieces.push({ text: plain });
      plain = '';
      const end = endOf(text, at + 2);
      pieces.push({ source: text.slice(at + 2, end), offset: at + 2, isClosed: end < text.length });
      at = end + 1;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  if (plain !== '') pieces.push({ text: plain });
  return pieces;
}

function endOf(text: string, start: number): number {
  let quote = '';
  for (let at = start; at < text.length; at++) {
    const here = text.charAt(at);
    if (quote !== '') {
      if (here === '\\') at += 1;
      else if (here === quote) quote = '';
    } else if (here === '"' || here === "'") quote = here;
    else if (here === '}') return at;
  }
  return text.length;
}

function textOf(expression: Expression, values: Readonly<Record<string, unknown>>): string {
  const value = plainValue(told(expression, values));
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw new Error(`\${${expression.text}} is no text: it cannot stand inside one.`);
}

function told(expression: Expression, values: Readonly<Record<string, unknown>>): unknown {
  try {
    return expression.evaluate(values);
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new Error(`\${${expression.text}} cannot be told: ${why}.`, { cause: error });
  }
}
