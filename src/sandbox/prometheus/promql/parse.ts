/** Reads a query with Prometheus' own grammar. What the evaluator does not know is refused by name, never guessed. */
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { readDuration } from './duration.ts';
import { type Expression, type Grouping, type Matcher, QueryError, type Selector } from './expression.ts';
import { functionNames } from './functions.ts';

/** @throws QueryError `bad_data`, with the place in the text. */
export function parseQuery(text: string): Expression {
  const tree = parser.parse(text);
  const cursor = tree.cursor();
  do {
    if (cursor.type.isError) throw parseError(text, cursor.from, unexpected(text, cursor.from));
  } while (cursor.next());
  const [root] = childrenOf(tree.topNode);
  if (!root) throw parseError(text, 0, 'no expression found in input');
  return read(root, text);
}

function read(node: SyntaxNode, text: string): Expression {
  const [first, second] = childrenOf(node);
  switch (node.name) {
    case 'ParenExpr':
      return read(need(first, node, text), text);
    case 'NumberDurationLiteral':
      return { kind: 'number', value: numberOf(slice(node, text)) };
    case 'StringLiteral':
      return { kind: 'string', value: stringOf(node, text) };
    case 'VectorSelector':
    case 'MatrixSelector':
      return readSelector(node, text);
    case 'OffsetExpr':
      return readOffset(node, text);
    case 'UnaryExpr': {
      const of = read(need(second, node, text), text);
      if (slice(need(first, node, text), text) === '+') return of;
      return { kind: 'binary', operator: '*', left: { kind: 'number', value: -1 }, right: of, isBool: false };
    }
    case 'FunctionCall':
      return readCall(node, text);
    case 'AggregateExpr':
      return readAggregate(node, text);
    case 'BinaryExpr':
      return readBinary(node, text);
    default:
      throw notSupported(node, text, notKnown[node.name] ?? node.name);
  }
}

const notKnown: Readonly<Record<string, string>> = {
  SubqueryExpr: 'subqueries',
  StepInvariantExpr: 'the @ modifier',
  AnchoredExpr: 'the anchored modifier',
  SmoothedExpr: 'the smoothed modifier',
};

function readSelector(node: SyntaxNode, text: string): Selector {
  const vector = node.name === 'MatrixSelector' ? need(childrenOf(node)[0], node, text) : node;
  if (vector.name !== 'VectorSelector')
    throw parseError(text, node.from, 'ranges only allowed for vector selectors');
  const range = childrenOf(node).find(({ name }) => name === 'DurationExpr');
  const metric = vector.getChild('Identifier');
  const list = vector.getChild('LabelMatchers');
  const matchers: Matcher[] = [
    ...(metric ? [{ label: '__name__', operator: '=' as const, value: slice(metric, text) }] : []),
    ...(list ? childrenOf(list) : []).map((one) => readMatcher(one, text)),
  ];
  const isEmpty = matchers.every(({ operator, value }) => operator !== '=' || value === '');
  if (isEmpty && !matchers.some(({ operator, value }) => operator === '=~' && !pattern(value).test(''))) {
    throw parseError(text, node.from, 'vector selector must contain at least one non-empty matcher');
  }
  for (const { operator, value } of matchers) {
    if (operator.includes('~') && !isPattern(value)) {
      throw parseError(text, node.from, `error parsing regexp: ${value}`);
    }
  }
  return {
    kind: 'selector',
    matchers,
    offsetMs: 0,
    ...(range ? { rangeMs: durationOf(range, text) } : {}),
  };
}

function readMatcher(node: SyntaxNode, text: string): Matcher {
  const [name, operator, value] = childrenOf(node);
  if (node.name !== 'UnquotedLabelMatcher' || !name || !operator || !value) {
    throw notSupported(node, text, 'quoted label names');
  }
  return {
    label: slice(name, text),
    operator: slice(operator, text) as Matcher['operator'],
    value: stringOf(value, text),
  };
}

/** As Prometheus matches: the whole value. The patterns of RE2 that people write mean the same here. */
export function pattern(source: string): RegExp {
  return new RegExp(`^(?:${source})$`, 's');
}

function isPattern(source: string): boolean {
  try {
    pattern(source);
    return true;
  } catch {
    return false;
  }
}

function readOffset(node: SyntaxNode, text: string): Expression {
  const [of, , offset] = childrenOf(node);
  const inner = read(need(of, node, text), text);
  if (inner.kind !== 'selector') {
    throw parseError(
      text,
      node.from,
      'offset modifier must be preceded by an instant vector selector or range vector selector',
    );
  }
  const words = slice(need(offset, node, text), text).replaceAll(/\s/g, '');
  const sign = words.startsWith('-') ? -1 : 1;
  const ms = readDuration(words.replace(/^[+-]/, ''));
  if (ms === undefined) throw notSupported(node, text, 'arithmetic in an offset');
  return { ...inner, offsetMs: sign * ms };
}

function readCall(node: SyntaxNode, text: string): Expression {
  const [identifier, body] = childrenOf(node);
  const name = slice(need(identifier, node, text), text);
  if (!functionNames.has(name)) throw notSupported(node, text, `the function ${name}()`);
  const args = body ? childrenOf(body).map((one) => read(one, text)) : [];
  return { kind: 'call', name, args };
}

const aggregates = new Set(['sum', 'avg', 'min', 'max', 'count', 'group', 'topk', 'bottomk', 'quantile']);
const withParameter = new Set(['topk', 'bottomk', 'quantile']);

function readAggregate(node: SyntaxNode, text: string): Expression {
  const children = childrenOf(node);
  const operator = slice(need(children[0], node, text), text).toLowerCase();
  if (!aggregates.has(operator)) throw notSupported(node, text, `the aggregation ${operator}`);
  const body = need(
    children.find(({ name }) => name === 'FunctionCallBody'),
    node,
    text,
  );
  const args = childrenOf(body).map((one) => read(one, text));
  const wanted = withParameter.has(operator) ? 2 : 1;
  const of = args.at(-1);
  if (args.length !== wanted || !of) {
    throw parseError(
      text,
      node.from,
      `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
    );
  }
  const grouping = groupingOf(
    children.find(({ name }) => name === 'AggregateModifier'),
    text,
  );
  const [parameter] = args;
  return { kind: 'aggregate', operator, grouping, of, ...(wanted === 2 && parameter ? { parameter } : {}) };
}

function groupingOf(modifier: SyntaxNode | undefined, text: string): Grouping {
  const labels = modifier?.getChild('GroupingLabels');
  return {
    isBy: !modifier?.getChild('Without'),
    labels: (labels ? childrenOf(labels) : []).map((one) => slice(one, text)),
  };
}

const operators = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '==',
  '!=',
  '>',
  '<',
  '>=',
  '<=',
  'and',
  'or',
  'unless',
]);

function readBinary(node: SyntaxNode, text: string): Expression {
  const children = childrenOf(node);
  const [left, sign] = children;
  const right = children.at(-1);
  const operator = slice(need(sign, node, text), text).toLowerCase();
  if (!operators.has(operator)) throw notSupported(node, text, `the operator ${operator}`);
  const clause = children.find(({ name }) => name === 'MatchingModifierClause');
  for (const side of ['GroupLeft', 'GroupRight'] as const) {
    if (clause?.getChild(side))
      throw notSupported(clause, text, side === 'GroupLeft' ? 'group_left' : 'group_right');
  }
  const labels = clause?.getChild('GroupingLabels');
  return {
    kind: 'binary',
    operator,
    left: read(need(left, node, text), text),
    right: read(need(right, node, text), text),
    isBool: children.some(({ name }) => name === 'BoolModifier'),
    ...(clause
      ? {
          matching: {
            isOn: clause.getChild('On') !== null,
            labels: (labels ? childrenOf(labels) : []).map((one) => slice(one, text)),
          },
        }
      : {}),
  };
}

function durationOf(node: SyntaxNode, text: string): number {
  const ms = readDuration(slice(node, text).trim());
  if (ms === undefined || ms <= 0) throw notSupported(node, text, 'arithmetic in a duration');
  return ms;
}

/** `5m` as a number is its seconds. */
function numberOf(text: string): number {
  if (/^[+-]?inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  const duration = /[smhdwy]$/.test(text) ? readDuration(text) : undefined;
  return duration === undefined ? Number(text) : duration / 1000;
}

/** Go's escapes, of which JSON knows all that anybody writes. */
function stringOf(node: SyntaxNode, text: string): string {
  const literal = slice(node, text);
  const inside = literal.slice(1, -1);
  if (literal.startsWith('`')) return inside;
  const json = inside.replaceAll(/\\[\s\S]|["\p{Cc}]/gu, (part) => {
    if (part === "\\'") return "'";
    return part.length === 1 ? JSON.stringify(part).slice(1, -1) : part;
  });
  try {
    return String(JSON.parse(`"${json}"`));
  } catch {
    throw parseError(text, node.from, 'invalid string literal');
  }
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'LineComment') children.push(child);
  }
  return children;
}

function slice(node: SyntaxNode, text: string): string {
  return text.slice(node.from, node.to);
}

function need(node: SyntaxNode | undefined, within: SyntaxNode, text: string): SyntaxNode {
  if (node) return node;
  throw parseError(text, within.from, unexpected(text, within.from));
}

function unexpected(text: string, at: number): string {
  const rest = text.slice(at).trim();
  return rest === '' ? 'unexpected end of input' : `unexpected ${JSON.stringify(rest.slice(0, 20))}`;
}

function parseError(text: string, at: number, what: string): QueryError {
  return new QueryError('bad_data', `invalid parameter "query": ${place(text, at)}: parse error: ${what}`);
}

function notSupported(node: SyntaxNode, text: string, what: string): QueryError {
  return new QueryError(
    'bad_data',
    `invalid parameter "query": ${place(text, node.from)}: the sandbox does not know ${what}`,
  );
}

/** Line and column, from 1. */
function place(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n');
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
}
