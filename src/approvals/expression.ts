/** The conditions of rules: expressions over facts that are true or false. */
import { conditionDialect } from '../expressions/dialect.ts';
import { readExpression as read } from '../expressions/expression.ts';
import type { ExpressionMistake } from '../expressions/lint.ts';
import type { Branch } from '../expressions/scope.ts';
import type { Literal } from '../expressions/syntax.ts';

export interface Expression {
  readonly text: string;
  /** Paths of the facts it looks at, `change.checks`, each once. */
  readonly reads: readonly string[];
  /** What each of them is compared with. */
  readonly literals: ReadonlyMap<string, readonly Literal[]>;
  /** @throws Error when it cannot be told, by CEL's rules. The caller fails closed. */
  test(facts: Readonly<Record<string, unknown>>): boolean;
}

export type ReadExpression =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly mistakes: readonly ExpressionMistake[] };

const condition = { dialect: conditionDialect, types: ['bool'], words: 'true or false' };

/** `facts` are those of every action that the expression may be asked about, by the action's name. */
export function readExpression(text: string, facts: ReadonlyMap<string, Branch>): ReadExpression {
  const found = read(text, facts, condition);
  if (!found.ok) return found;
  const { reads, literals, evaluate } = found.expression;
  return { ok: true, expression: { text, reads, literals, test: (values) => evaluate(values) === true } };
}
