/** What rules and invariants have in common when they are read: names looked up, conditions checked, mistakes told. */
import { didYouMean } from '../core/text.ts';
import type { Mistake } from '../documents/document.ts';
import type { Path, Positions } from '../documents/positions.ts';
import type { Branch } from '../expressions/scope.ts';
import { type Expression, readExpression } from './expression.ts';
import type { Subjects } from './subjects.ts';

/** How a reader says what is wrong, and where. */
export interface Complain {
  at(path: Path, message: string): void;
  inside(path: Path, offset: number, message: string): void;
}

/** `what` is what is read, `rule "more-cpu"`, and `root` where it stands. */
export function complaintsInto(
  mistakes: Mistake[],
  positions: Positions,
  what: string,
  root: Path,
): Complain {
  const text = (path: Path, message: string) =>
    `${what}${path.length > 0 ? `, ${String(path[0])}` : ''}: ${message}`;
  return {
    at: (path, message) => void mistakes.push(positions.at([...root, ...path], text(path, message))),
    inside: (path, offset, message) =>
      void mistakes.push(positions.inside([...root, ...path], offset, text(path, message))),
  };
}

export function checkNames(
  names: readonly string[] | undefined,
  known: readonly string[],
  kind: string,
  field: string | Path,
  complain: Complain,
): void {
  const path = typeof field === 'string' ? [field] : field;
  for (const [index, name] of (names ?? []).entries()) {
    if (known.includes(name)) continue;
    complain.at([...path, index], `there is no ${kind} "${name}".${didYouMean(name, known)}`);
  }
}

/** Names of the actions that a header's `on` speaks of; all when it says nothing. */
export function actionsOf(
  { on }: { readonly on?: readonly string[] | undefined },
  subjects: Subjects,
): string[] {
  return Object.entries(subjects)
    .filter(([name, { effect }]) => !on || on.includes(name) || on.includes(effect))
    .map(([name]) => name);
}

/** The condition under `field`, checked against every action in `facts`; `undefined` when there is none, or a mistake. */
export function readCondition(
  text: string | undefined,
  field: Path,
  facts: ReadonlyMap<string, Branch>,
  complain: Complain,
): Expression | undefined {
  if (text === undefined) return undefined;
  const read = readExpression(text, facts);
  if (read.ok) return read.expression;
  for (const { offset, message } of read.mistakes) complain.inside(field, offset, message);
  return undefined;
}
