/** What a Job of the catalog asks for, as forms and command lines understand it. Pure. */
import { digestOf } from './digest.ts';
import type { InputSchema, SchemaField, SchemaValues } from './input-schema.ts';
import { ok, problem, type Result, refuse } from './problem.ts';
import type { JobInput, ServiceJob } from './service-job.ts';

/** Characters of one text. */
const textMax = 500;

export function jobInputs({ inputs }: ServiceJob): InputSchema {
  const fields = Object.entries(inputs).map(([path, input]) => fieldOf(path, input));
  return {
    digest: digestOf(inputs),
    fields,
    shown: () => fields,
    leftOut: [],
    read: (answers) =>
      eachOf(inputs, answers, (input, answer) =>
        input.type === 'number' && typeof answer === 'string' && answer.trim() !== ''
          ? ok(Number(answer))
          : ok(answer),
      ),
    written: (values) =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])),
    check(values) {
      const strange = Object.keys(values).filter((name) => !Object.hasOwn(inputs, name));
      if (strange.length > 0) {
        return refuse(mistakes(Object.fromEntries(strange.map((name) => [name, 'This is not asked for.']))));
      }
      const defaults = Object.entries(inputs).map(([name, input]) => [name, input.default] as const);
      return eachOf(inputs, { ...Object.fromEntries(defaults), ...values }, checkValue);
    },
  };
}

function fieldOf(path: string, input: JobInput): SchemaField {
  const { title, description, default: standard } = input;
  return {
    path,
    title,
    ...(description === undefined ? {} : { description }),
    isRequired: standard === undefined,
    decides: false,
    ...(standard === undefined ? {} : { defaultValue: standard, defaultAnswer: String(standard) }),
    kind: kindOf(input),
  };
}

function kindOf({ type, choices = [], min, max }: JobInput): SchemaField['kind'] {
  switch (type) {
    case 'number':
      return {
        type,
        isInteger: false,
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
      };
    case 'choice':
      return { type: 'enum', values: choices };
    case 'text':
      return { type, maxLength: textMax };
  }
}

/** Every input that has a value, with every mistake told at its own. */
function eachOf(
  inputs: ServiceJob['inputs'],
  values: SchemaValues,
  read: (input: JobInput, value: unknown) => Result<unknown>,
): Result<SchemaValues> {
  const found = Object.entries(inputs).map(([name, input]) => [name, read(input, values[name])] as const);
  const wrong = found.flatMap(([name, result]) =>
    result.ok ? [] : [[name, result.problem.sentence] as const],
  );
  if (wrong.length > 0) return refuse(mistakes(Object.fromEntries(wrong)));
  const right = found.flatMap(([name, result]) =>
    result.ok && result.value !== undefined ? [[name, result.value] as const] : [],
  );
  return ok(Object.fromEntries(right));
}

function checkValue(input: JobInput, value: unknown): Result<string | number> {
  const { type, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = input;
  switch (type) {
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) return no('Give a number.');
      return value < min || value > max ? no(`Give a number from ${min} to ${max}.`) : ok(value);
    case 'choice':
      return typeof value === 'string' && input.choices?.includes(value)
        ? ok(value)
        : no('Choose one of those offered.');
    case 'text':
      if (typeof value !== 'string' || value.length > textMax)
        return no(`Give a text of at most ${textMax} characters.`);
      return new RegExp(`^(?:${input.pattern})$`, 'u').test(value)
        ? ok(value)
        : no('It holds characters that are not allowed here.');
  }
}

function no(sentence: string): Result<never> {
  return refuse(problem('bad_input', sentence, 'Correct it.'));
}

function mistakes(fields: Readonly<Record<string, string>>) {
  return problem('bad_input', 'Not every value can be used.', 'Correct those that are marked.', { fields });
}
