/**
 * What the chosen blueprint or workflow asks for goes together with the choice: a worker has no replicas of a shop, and
 * no case says otherwise.
 */
import type { Branch } from '../../expressions/scope.ts';
import type { Literal } from '../../expressions/syntax.ts';
import { type Chooser, schemasOf, valuesBranch } from '../chosen.ts';
import type { Rule } from '../policy.ts';
import type { Choice, Question, Readings } from './domain.ts';
import { leafAt, valuesOf } from './values.ts';

/** These choices of a blueprint or a workflow, each with all values of it that rules could tell apart. */
export function withChosenValues(choices: readonly Choice[], field: Chooser, question: Question): Choice[] {
  const rules = question.rules.filter(({ chosen }) => chosen?.field === field);
  if (rules.length === 0) return [...choices];
  const schemas = schemasOf(question.catalog)[field];
  return choices.flatMap((choice) => {
    const name = String(choice.puts.find(({ path }) => path.join('.') === `input.${field}`)?.value);
    const readings = readingsOf(rules.filter(({ chosen }) => chosen?.names.includes(name)));
    return combinationsOf(readings, valuesBranch(schemas[name])).map(({ words, values }) => ({
      words: [choice.words, ...words].join(' and '),
      puts: [...choice.puts, { path: ['input', 'values'] as const, value: values }],
    }));
  });
}

function readingsOf(rules: readonly Rule[]): Readings {
  const readings = new Map<string, readonly Literal[]>();
  for (const { when, unless } of rules) {
    const read = [when, unless].flatMap((one) => (one ? [...one.literals] : []));
    for (const [path, literals] of read) {
      if (!path.startsWith(prefix)) continue;
      readings.set(path, [...new Set([...(readings.get(path) ?? []), ...literals])]);
    }
  }
  return readings;
}

const prefix = 'input.values.';

interface Combination {
  readonly words: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

function combinationsOf(readings: Readings, branch: Branch): readonly Combination[] {
  let all: readonly Combination[] = [{ words: [], values: {} }];
  for (const [path, literals] of readings) {
    const keys = path.slice(prefix.length).split('.');
    const choices = valuesOf(path, leafAt(branch, keys), literals, []);
    all = all.flatMap(({ words, values }) =>
      choices.map((choice, place) => ({
        words: place === 0 ? words : [...words, choice.words],
        values: withValueAt(values, keys, choice.puts[0]?.value),
      })),
    );
  }
  return all;
}

function withValueAt(
  values: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  to: unknown,
): Readonly<Record<string, unknown>> {
  const [key, ...rest] = keys as [string, ...string[]];
  const inner = (values[key] ?? {}) as Readonly<Record<string, unknown>>;
  return { ...values, [key]: rest.length === 0 ? to : withValueAt(inner, rest, to) };
}
