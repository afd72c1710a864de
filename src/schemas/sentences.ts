/** What the validator finds wrong, in sentences for people, each with the way to the value it is about. */
import type { ErrorObject } from 'ajv';
import { count, fit, listOf, nearestWord } from '../core/text.ts';

export interface ValueMistake {
  /** Keys and indexes from the root. */
  readonly keys: readonly string[];
  /** Goes on after the name of the field: "must be 3 or more". */
  readonly text: string;
}

/** More help nobody. */
const mistakesMax = 10;

export function mistakesOf(errors: readonly ErrorObject[]): readonly ValueMistake[] {
  const told = new Map<string, ValueMistake>();
  for (const error of withoutBranches(errors)) {
    const mistake = mistakeOf(error);
    if (!mistake) continue;
    const key = JSON.stringify([mistake.keys, mistake.text]);
    if (told.size < mistakesMax) told.set(key, mistake);
  }
  return [...told.values()];
}

/** Why each of several shapes does not fit is said as one: that none does. Conditions only say that they hold. */
function withoutBranches(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  return errors.filter(
    (error) =>
      error.keyword !== 'if' &&
      !choices.some(
        (choice) => choice !== error && isInside(error.schemaPath, choice.schemaPath, choice, error),
      ),
  );
}

function isInside(path: string, choicePath: string, choice: ErrorObject, error: ErrorObject): boolean {
  if (path.startsWith(`${choicePath}/`)) return true;
  // Inside a definition the way begins anew; then the place in the value tells.
  return path.startsWith('#/$defs/') && error.instancePath.startsWith(choice.instancePath);
}

function mistakeOf(error: ErrorObject): ValueMistake | undefined {
  const keys = error.instancePath
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const params: Readonly<Record<string, unknown>> = error.params;
  const at = (text: string | undefined) => (text === undefined ? undefined : { keys, text });
  switch (error.keyword) {
    case 'required':
      return { keys: [...keys, String(params.missingProperty)], text: 'is needed' };
    case 'dependentRequired':
      return {
        keys: [...keys, String(params.missingProperty)],
        text: `is needed once ${String(params.property)} is given`,
      };
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name = String(params.additionalProperty ?? params.unevaluatedProperty);
      return { keys: [...keys, name], text: `is not known here${hintOf(name, keysOf(error))}` };
    }
    default:
      return at(sentences[error.keyword]?.(params, error) ?? 'does not fit the schema');
  }
}

type Sentence = (params: Readonly<Record<string, unknown>>, error: ErrorObject) => string;

const limits: Readonly<Record<string, string>> = { '>=': 'or more', '<=': 'or less' };
const bound: Sentence = ({ comparison, limit }) =>
  comparison === '>' || comparison === '<'
    ? `must be ${comparison === '>' ? 'more' : 'less'} than ${String(limit)}`
    : `must be ${String(limit)} ${limits[String(comparison)] ?? ''}`;

const sentences: Readonly<Record<string, Sentence | undefined>> = Object.assign(Object.create(null), {
  type: ({ type }) => `must be ${listOf([type].flat().map(nameOfType), 'or')}`,
  enum: ({ allowedValues }, { data }) => notOneOf(allowedValues, data),
  const: ({ allowedValue }) => `must be ${shown(allowedValue)}`,
  minimum: bound,
  maximum: bound,
  exclusiveMinimum: bound,
  exclusiveMaximum: bound,
  multipleOf: ({ multipleOf }) => `must be a multiple of ${String(multipleOf)}`,
  minLength: ({ limit }) => `needs ${count(Number(limit), 'character')} at least`,
  maxLength: ({ limit }) => `has ${count(Number(limit), 'character')} at most`,
  minItems: ({ limit }) => `needs ${count(Number(limit), 'item')} at least`,
  maxItems: ({ limit }) => `has ${count(Number(limit), 'item')} at most`,
  minProperties: ({ limit }) => `needs ${count(Number(limit), 'key')} at least`,
  maxProperties: ({ limit }) => `has ${count(Number(limit), 'key')} at most`,
  uniqueItems: () => 'holds the same item twice',
  pattern: ({ pattern }) => `must match ${fit(String(pattern), 150)}`,
  format: ({ format }) => `must be ${formats[String(format)] ?? `a ${String(format)}`}`,
  propertyNames: ({ propertyName }) => `cannot have the key ${shown(propertyName)}`,
  contains: () => 'lacks an item that it needs',
  anyOf: () => 'fits none of the shapes that it may have',
  oneOf: ({ passingSchemas }) =>
    passingSchemas === null
      ? 'fits none of the shapes that it may have'
      : 'fits more than one shape: say less',
  not: () => 'has a value that is not allowed',
  'false schema': () => 'cannot be given here',
} satisfies Record<string, Sentence>);

const formats: Readonly<Record<string, string>> = {
  email: 'an e-mail address',
  uri: 'a web address like https://acme.example',
  'uri-reference': 'an address or a path',
  hostname: 'a host name like acme.example',
  ipv4: 'an IPv4 address like 192.0.2.1',
  ipv6: 'an IPv6 address like 2001:db8::1',
  uuid: 'a UUID',
  date: 'a date like 2026-11-21',
  time: 'a time like 14:30:00Z',
  'date-time': 'a moment like 2026-11-21T14:30:00Z',
  duration: 'a duration like PT5M',
  regex: 'a regular expression',
};

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  null: 'empty',
};

function nameOfType(type: unknown): string {
  return typeNames[String(type)] ?? String(type);
}

function notOneOf(allowed: unknown, data: unknown): string {
  const words = (Array.isArray(allowed) ? allowed : []).map((one) =>
    typeof one === 'string' ? one : shown(one),
  );
  if (words.length === 0) return 'takes no value here';
  return `must be ${listOf(
    words.slice(0, 12).map((one) => fit(one, 60)),
    'or',
  )}${hintOf(typeof data === 'object' ? '' : String(data), words)}`;
}

function keysOf({ parentSchema }: ErrorObject): string[] {
  const properties: unknown = parentSchema?.properties;
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

/** In brackets, as it stands inside a sentence. */
function hintOf(typed: string, known: readonly string[]): string {
  const word = nearestWord(typed, known);
  return word === undefined ? '' : ` (did you mean "${word}"?)`;
}

function shown(value: unknown): string {
  return fit(JSON.stringify(value) ?? 'nothing', 60);
}
