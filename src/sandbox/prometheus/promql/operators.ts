/** What stands between two expressions: arithmetic, comparisons, and the three operators of sets. */
import {
  type Expression,
  keyOf,
  type Labels,
  only,
  QueryError,
  type Sample,
  type Value,
  without,
} from './expression.ts';

type Binary = Extract<Expression, { kind: 'binary' }>;

export function operate(expression: Binary, left: Value, right: Value): Value {
  const { operator, isBool } = expression;
  const set = setOperators[operator];
  if (set) {
    if (left.kind === 'scalar' || right.kind === 'scalar') {
      throw bad(`set operator "${operator}" not allowed in binary scalar expression`);
    }
    return {
      kind: 'vector',
      samples: set(left.samples, right.samples, (labels) => groupOf(labels, expression)),
    };
  }
  const isComparison = operator in comparisons;
  if (left.kind === 'scalar' && right.kind === 'scalar') {
    if (isComparison && !isBool) throw bad('comparisons between scalars must use BOOL modifier');
    return { kind: 'scalar', value: compute(operator, left.value, right.value) };
  }
  if (left.kind === 'vector' && right.kind === 'vector') {
    return { kind: 'vector', samples: joined(expression, left.samples, right.samples) };
  }
  const vector = left.kind === 'vector' ? left : right;
  if (vector.kind !== 'vector') return vector;
  const samples = vector.samples.flatMap(({ labels, value }) => {
    const a = left.kind === 'scalar' ? left.value : value;
    const b = right.kind === 'scalar' ? right.value : value;
    const result = compute(operator, a, b);
    if (!isComparison || isBool) return [{ labels: without(labels, ['__name__']), value: result }];
    return result === 1 ? [{ labels, value }] : [];
  });
  return { kind: 'vector', samples };
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
};

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': (a, b) => a ** b,
};

function compute(operator: string, a: number, b: number): number {
  const compare = comparisons[operator];
  if (compare) return compare(a, b) ? 1 : 0;
  return arithmetic[operator]?.(a, b) ?? Number.NaN;
}

/** Each series of the left finds the one of the right with the same labels. */
function joined(expression: Binary, left: readonly Sample[], right: readonly Sample[]): Sample[] {
  const { operator, isBool } = expression;
  const partners = new Map<string, Sample>();
  for (const sample of right) {
    const key = groupOf(sample.labels, expression);
    if (partners.has(key)) throw manyToMany('right', key);
    partners.set(key, sample);
  }
  const seen = new Set<string>();
  return left.flatMap(({ labels, value }) => {
    const key = groupOf(labels, expression);
    const partner = partners.get(key);
    if (!partner) return [];
    if (seen.has(key)) throw manyToMany('left', key);
    seen.add(key);
    const result = compute(operator, value, partner.value);
    if (operator in comparisons && !isBool) return result === 1 ? [{ labels, value }] : [];
    return [{ labels: resultLabels(labels, expression), value: result }];
  });
}

function resultLabels(labels: Labels, { matching }: Binary): Labels {
  const bare = without(labels, ['__name__']);
  if (!matching) return bare;
  return matching.isOn ? only(bare, matching.labels) : without(bare, matching.labels);
}

function groupOf(labels: Labels, expression: Binary): string {
  return keyOf(resultLabels(labels, expression));
}

type SetOperator = (
  left: readonly Sample[],
  right: readonly Sample[],
  group: (labels: Labels) => string,
) => Sample[];

const setOperators: Readonly<Record<string, SetOperator>> = {
  and: (left, right, group) => {
    const known = new Set(right.map(({ labels }) => group(labels)));
    return left.filter(({ labels }) => known.has(group(labels)));
  },
  unless: (left, right, group) => {
    const known = new Set(right.map(({ labels }) => group(labels)));
    return left.filter(({ labels }) => !known.has(group(labels)));
  },
  or: (left, right, group) => {
    const known = new Set(left.map(({ labels }) => group(labels)));
    return [...left, ...right.filter(({ labels }) => !known.has(group(labels)))];
  },
};

function manyToMany(side: 'left' | 'right', key: string): QueryError {
  return new QueryError(
    'execution',
    `found duplicate series for the match group ${key} on the ${side} hand-side of the operation;many-to-many matching not allowed: matching labels must be unique on one side`,
  );
}

function bad(what: string): QueryError {
  return new QueryError('bad_data', `invalid parameter "query": parse error: ${what}`);
}
