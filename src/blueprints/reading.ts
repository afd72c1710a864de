/** Reading one blueprint: where mistakes go, and what the expressions of its parts may speak of. */
import { ProblemError, problem } from '../core/problem.ts';
import type { Mistake } from '../documents/document.ts';
import type { Path, Positions } from '../documents/positions.ts';
import { templateDialect } from '../expressions/dialect.ts';
import { readExpression } from '../expressions/expression.ts';
import type { Branch } from '../expressions/scope.ts';
import { plainValue } from './plain-value.ts';
import { readTemplate } from './template.ts';

export type Values = Readonly<Record<string, unknown>>;

/** What was read is usable only when no mistake was told: until then a stand-in takes its place. */
export interface Compiled<Value> {
  readonly reads: readonly string[];
  /** @throws ProblemError naming the place in the blueprint and why it cannot be told. */
  get(values: Values): Value;
}

export interface Reading {
  /** At the value under `path`, which the message names. */
  complain(path: Path, message: string): void;
  template(value: unknown, path: Path, scope: Branch): Compiled<unknown>;
  condition(text: string, path: Path, scope: Branch): Compiled<boolean>;
  number(text: string, path: Path, scope: Branch): Compiled<number>;
}

export function createReading(blueprint: string, positions: Positions, mistakes: Mistake[]): Reading {
  const inside = (path: Path, offset: number, message: string) =>
    mistakes.push(positions.inside(path, offset, `${path.join('.')}: ${message}`));

  function compiled<Value>(path: Path, reads: readonly string[], get: (values: Values) => Value) {
    return {
      reads,
      get(values: Values): Value {
        try {
          return get(values);
        } catch (error) {
          throw cannotTell(blueprint, path, error);
        }
      },
    };
  }

  function expression(text: string, path: Path, scope: Branch, types: readonly string[], words: string) {
    const read = readExpression(text, new Map([['', scope]]), {
      dialect: templateDialect,
      types: [...types, 'dyn'],
      words,
    });
    if (read.ok) return read.expression;
    for (const { offset, message } of read.mistakes) inside(path, offset, message);
    return { reads: [], evaluate: () => undefined };
  }

  return {
    complain: (path, message) => mistakes.push(positions.at(path, `${path.join('.')}: ${message}`)),
    template(value, path, scope) {
      const { template, mistakes: found } = readTemplate(value, scope);
      for (const mistake of found) inside([...path, ...mistake.path], mistake.offset, mistake.message);
      return compiled(path, template.reads, (values) => template.fill(values));
    },
    condition(text, path, scope) {
      const { reads, evaluate } = expression(text, path, scope, ['bool'], 'true or false');
      // What a cluster says is not known before: anything but true is no.
      return compiled(path, reads, (values) => evaluate(values) === true);
    },
    number(text, path, scope) {
      const { reads, evaluate } = expression(text, path, scope, ['double', 'int'], 'a number');
      return compiled(path, reads, (values) => {
        const value = plainValue(evaluate(values));
        if (typeof value === 'number') return value;
        throw new Error('it is no number');
      });
    },
  };
}

/** An expression was checked when it was read: what fails now is an answer of the cluster that nobody expected. */
function cannotTell(blueprint: string, path: Path, error: unknown): ProblemError {
  const why = error instanceof Error ? error.message : String(error);
  return new ProblemError(
    problem(
      'step_failed',
      `${path.join('.')} of the blueprint ${blueprint} cannot be filled in: ${why}`,
      'Tell the platform team: the blueprint must be mended.',
    ),
  );
}
