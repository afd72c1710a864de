/** The validator of one prepared schema: compiled when it is first asked, and bounded in what it may cost. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonSchema, PreparedSchema, Schema } from './json-schema.ts';
import { matcherOf } from './pattern.ts';

export interface Validator {
  /** What is wrong with the value; `too-much` when telling would take longer than any real value. */
  errorsOf(value: unknown): readonly ErrorObject[] | 'too-much';
  /** Whether it fits one part of the schema; `false` when that cannot be told. */
  holds(part: Schema, value: unknown): boolean;
}

/** Definitions entered while one value is checked: a real one takes some hundreds. */
const stepsMax = 20_000;

export function createValidator(prepared: PreparedSchema): Validator {
  let steps = 0;
  const definitions = Object.fromEntries(
    Object.entries(prepared.definitions).map(([name, one]) => [
      name,
      // Whatever is without end leads through a definition, so that is where the steps are counted.
      typeof one === 'boolean' ? one : { ...one, countedStep: true },
    ]),
  );
  // Made when something is checked: a form that is only drawn needs none.
  let ajv: Ajv2020 | undefined;
  const made = (): Ajv2020 => {
    if (ajv) return ajv;
    ajv = new Ajv2020({
      strict: false,
      allErrors: true,
      // `prepare` has read it, and knows better where its mistakes are.
      validateSchema: false,
      meta: false,
      addUsedSchema: false,
      logger: false,
      verbose: true,
      code: { regExp: Object.assign(linearRegExp, { code: 'linearRegExp' }) },
    });
    addFormats.default(ajv, { mode: 'full' });
    ajv.addKeyword({
      keyword: 'countedStep',
      validate: () => {
        steps += 1;
        if (steps > stepsMax) throw new TooMuch();
        return true;
      },
    });
    return ajv;
  };
  const compiled = new WeakMap<JsonSchema, ValidateFunction>();
  const validatorOf = (part: JsonSchema): ValidateFunction => {
    const known = compiled.get(part) ?? made().compile({ ...part, $defs: definitions });
    compiled.set(part, known);
    return known;
  };
  const run = (part: JsonSchema, value: unknown): readonly ErrorObject[] | 'too-much' => {
    steps = 0;
    try {
      const validate = validatorOf(part);
      return validate(value) ? [] : [...(validate.errors ?? [])];
    } catch (error) {
      // A reference that leads back to itself without going down ends at the limit or at the stack's.
      if (error instanceof TooMuch || error instanceof RangeError) return 'too-much';
      throw error;
    }
  };
  return {
    errorsOf: (value) => run(prepared.root, value),
    holds: (part, value) => (typeof part === 'boolean' ? part : run(part, value).length === 0),
  };
}

class TooMuch extends Error {}

/**
 * Every pattern was matched before by `prepare`; one that was not takes nothing. Ajv tells patterns apart by their text:
 * without one of its own, the first of a schema would stand for all.
 */
function linearRegExp(pattern: string) {
  return { ...(matcherOf(pattern) ?? { test: () => false }), toString: () => pattern };
}
