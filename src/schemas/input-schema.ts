/** Any JSON Schema as an `InputSchema`: what a form asks for, and what may be answered. Pure. */
import { digestOf } from '../core/digest.ts';
import type { InputSchema, SchemaField, SchemaValues, TypedAnswer } from '../core/input-schema.ts';
import { ok, type Problem, problem, refuse } from '../core/problem.ts';
import { count } from '../core/text.ts';
import { readAnswer, writtenAnswer } from './answers.ts';
import { withDefaults } from './defaults.ts';
import { isRecord, type SchemaMistake } from './json-schema.ts';
import type { Plan, PlannedField } from './plan.ts';
import { createPlanner } from './planner.ts';
import { prepare, schemaLimits } from './prepare.ts';
import { leftOutOf, obstacleOf, secretMistakes, secretText } from './secret-words.ts';
import { mistakesOf, type ValueMistake } from './sentences.ts';
import { createValidator } from './validator.ts';
import { isDeeper, merged, type Values, valueAt, withoutValueAt, withValueAt } from './values.ts';
import { everythingElse } from './within-limits.ts';

export type InputSchemaOutcome =
  | { readonly ok: true; readonly value: InputSchema }
  | { readonly ok: false; readonly mistakes: readonly SchemaMistake[] };

/** A mistake's path leads from the schema's own root: whoever embeds one puts its place before it. */
export function inputSchemaOf(document: unknown): InputSchemaOutcome {
  const prepared = prepare(document);
  if (!prepared.ok) return prepared;
  const validator = createValidator(prepared.value);
  const planner = createPlanner(prepared.value, validator);
  const { all } = planner;

  function readAll(answers: Readonly<Record<string, TypedAnswer>>) {
    let values: Values = {};
    let mistakes: Record<string, string> = {};
    // A field may appear with what another one says; each round reads those that are there by now.
    for (let round = 0; round < roundsMax; round++) {
      const before = digestOf(values);
      ({ values, mistakes } = readOnce(planner.shown(values), answers));
      if (digestOf(values) === before) break;
    }
    return { values, mistakes };
  }

  const schema: InputSchema = {
    digest: digestOf(document),
    fields: all.fields.map(({ field }) => field),
    shown: (values) => planner.shown(values).fields.map(({ field }) => field),
    read(answers) {
      const { values, mistakes } = readAll(answers);
      return Object.keys(mistakes).length === 0 ? ok(values) : refuse(wrongFields(mistakes, all));
    },
    written: (values) => writtenIn(planner.shown(values), values),
    check(values) {
      if (isDeeper(values, schemaLimits.depthMax)) return refuse(tooMuch());
      const given = secretMistakes(values, planner.shown(values));
      if (given.length > 0) return refuse(wrongValues(given, planner.shown(values)));
      const filled = withDefaults(values, planner.shown);
      const plan = planner.shown(filled);
      const errors = validator.errorsOf(filled);
      if (errors === 'too-much') return refuse(tooMuch());
      const mistakes = mistakesOf(errors);
      return mistakes.length === 0 ? ok(filled) : refuse(wrongValues(mistakes, plan));
    },
    leftOut: leftOutOf(all.secrets),
    ...obstacleOf(planner.shown(withDefaults({}, planner.shown)).secrets),
  };
  return { ok: true, value: schema };
}

/** A condition inside a condition inside a condition: more is no form. */
const roundsMax = 5;

function readOnce(plan: Plan, answers: Readonly<Record<string, TypedAnswer>>) {
  let values: Values = {};
  const mistakes: Record<string, string> = {};
  for (const planned of plan.fields) {
    const { path } = planned.field;
    const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
    if (answer === undefined) continue;
    const read = readAnswer(planned, answer);
    if (!read.ok) mistakes[path] = read.mistake;
    else if (read.value === undefined) continue;
    else if (planned.keys.length > 0) values = withValueAt(values, planned.keys, read.value);
    else if (isRecord(read.value)) {
      const twice = saidTwice(plan, values, read.value);
      if (twice) mistakes[path] = `says ${twice} again, which has a field of its own`;
      else values = merged(values, read.value);
    } else mistakes[path] = 'is a map of keys';
  }
  return { values, mistakes };
}

/** A field that still shows its default gives way to what is written out. */
function saidTwice(plan: Plan, values: Values, rest: Values): string | undefined {
  const twice = plan.fields.find(({ field, keys }) => {
    if (keys.length === 0 || valueAt(rest, keys) === undefined) return false;
    const said = valueAt(values, keys);
    return said !== undefined && digestOf(said) !== digestOf(field.defaultValue ?? null);
  });
  return twice?.field.path;
}

function writtenIn(plan: Plan, values: SchemaValues): Record<string, TypedAnswer> {
  const written: Record<string, TypedAnswer> = {};
  let rest: Values = values;
  for (const planned of plan.fields) {
    const { keys } = planned;
    const isRest = keys.length === 0;
    const answer = writtenAnswer(planned, isRest ? rest : valueAt(values, keys));
    if (answer !== undefined) written[planned.field.path] = answer;
    if (!isRest) rest = withoutValueAt(rest, keys);
  }
  return written;
}

function wrongValues(mistakes: readonly ValueMistake[], plan: Plan): Problem {
  // A map: keys are typed by people, and an object has more than its own.
  const fields = new Map<string, string[]>();
  for (const { keys, text } of mistakes) {
    const planned = fieldAbout(plan, keys);
    const own = planned?.keys ?? [];
    const path = planned?.field.path ?? keys.join('.');
    const secret = plan.secrets.find((one) => one.path === keys.join('.'));
    const isField = planned !== undefined && own.length === keys.length;
    const sentence = secret ? secretText(secret) : isField ? text : `${keys.join('.') || 'it'} ${text}`;
    fields.set(path, [...(fields.get(path) ?? []), sentence]);
  }
  return wrongFields(
    Object.fromEntries([...fields].map(([path, texts]) => [path, texts.slice(0, 3).join('; ')])),
    plan,
  );
}

/** The field that holds the value, else the first field inside of it, else the one for everything else. */
function fieldAbout(plan: Plan, keys: readonly string[]): PlannedField | undefined {
  const starts = (long: readonly string[], short: readonly string[]) =>
    short.length > 0 && short.every((key, index) => long[index] === key);
  return (
    plan.fields.find((one) => starts(keys, one.keys)) ??
    (keys.length === 0 ? undefined : plan.fields.find((one) => starts(one.keys, keys))) ??
    plan.fields.find((one) => one.field.path === everythingElse)
  );
}

function wrongFields(fields: Readonly<Record<string, string>>, plan: Plan): Problem {
  const [first = ['', '']] = Object.entries(fields);
  const [path, text] = first;
  const title = titleOf(plan, path);
  const more = Object.keys(fields).length - 1;
  const rest = more === 0 ? '' : ` (and ${count(more, 'more field')})`;
  return problem('bad_input', `${title} ${text}${rest}.`, 'Correct it and send it again.', { fields });
}

function titleOf(plan: Plan, path: string): string {
  const field: SchemaField | undefined = plan.fields.find((one) => one.field.path === path)?.field;
  return field?.title ?? (path === '' ? 'What was given' : path);
}

function tooMuch(): Problem {
  return problem(
    'bad_input',
    'Checking this would take longer than it may: its schema and the values lead in circles.',
    'Say less in YAML, or ask the platform team to simplify the schema.',
  );
}
