/** Between what people type into a field and the value it stands for, both ways. */
import { stringify } from 'yaml';
import type { SchemaFieldKind, TypedAnswer } from '../core/input-schema.ts';
import { parseYaml } from '../documents/parse-yaml.ts';
import { isRecord, type JsonType, textOf } from './json-schema.ts';
import type { PlannedField } from './plan.ts';

export type ReadAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly mistake: string };

/** Longer texts than Slack's field takes come from the command line only, and are not meant. */
const answerMax = 10_000;

/** `undefined` as value: nothing was answered, so that the default speaks. */
export function readAnswer({ field, scalars }: PlannedField, answer: TypedAnswer): ReadAnswer {
  const { kind } = field;
  if (typeof answer === 'boolean' || (kind.type === 'boolean' && isTruth(answer))) {
    const isOn = typeof answer === 'boolean' ? answer : truths[textOf(answer).trim().toLowerCase()] === true;
    // An empty box of an optional switch is no answer: what it stands for unsaid is not ours to say.
    const isUnsaid = !isOn && field.defaultValue === undefined && !field.isRequired;
    return right(isUnsaid ? undefined : isOn);
  }
  if (typeof answer !== 'string') return readMany(kind, answer, scalars);
  const text = answer.trim();
  if (text === '') return right(undefined);
  if (text.length > answerMax) return wrong(`has ${answerMax} characters at most`);
  switch (kind.type) {
    case 'text':
      return right(scalarOf(text, scalars));
    case 'number':
      return right(scalarOf(text, ['number']));
    case 'boolean':
      return wrong('is yes or no');
    case 'enum':
      return kind.isMultiple ? readMany(kind, partsOf(text), scalars) : right(memberOf(kind.values, text));
    case 'list':
      return readMany(kind, partsOf(text), scalars);
    case 'map':
      return readMap(text, scalars);
    case 'yaml':
      return readYaml(text);
  }
}

/** How a value stands in its field. `undefined`: there is nothing to show. */
export function writtenAnswer({ field }: PlannedField, value: unknown): TypedAnswer | undefined {
  if (value === undefined || value === null) return undefined;
  const { kind } = field;
  switch (kind.type) {
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'text':
    case 'number':
      return typeof value === 'object' ? undefined : textOf(value);
    case 'enum':
      if (kind.isMultiple) return Array.isArray(value) ? value.map(textOf) : undefined;
      return textOf(value);
    case 'list':
      return Array.isArray(value) ? value.map(textOf).join('\n') : textOf(value);
    case 'map':
      return isRecord(value)
        ? Object.entries(value)
            .map(([key, one]) => `${key}: ${textOf(one)}`)
            .join('\n')
        : undefined;
    case 'yaml':
      return emptyOf(value) ? undefined : stringify(value).trim();
  }
}

function readMany(kind: SchemaFieldKind, parts: readonly string[], scalars: readonly JsonType[]): ReadAnswer {
  const items = parts.map((part) => part.trim()).filter((part) => part !== '');
  if (items.length === 0) return right(undefined);
  return right(
    items.map((item) => (kind.type === 'enum' ? memberOf(kind.values, item) : scalarOf(item, scalars))),
  );
}

/** One a line; on one line, parted by commas. */
function partsOf(text: string): string[] {
  return text.includes('\n') ? text.split('\n') : text.split(',');
}

function readMap(text: string, scalars: readonly JsonType[]): ReadAnswer {
  const lines = (text.includes('\n') ? text.split('\n') : text.split(',')).map((line) => line.trim());
  const pairs: (readonly [string, unknown])[] = [];
  for (const line of lines.filter((one) => one !== '')) {
    // A key may hold a colon only in front of no space: `acme.example/a:b` is not a pair.
    const found = /^([^:=\s][^:=]*?)\s*(?::(?:\s+|$)|=)\s*(.*)$/u.exec(line);
    if (!found) return wrong(`has one "key: value" a line, and this is none: ${line.slice(0, 60)}`);
    const [, key = '', value = ''] = found;
    if (key === '__proto__') return wrong('cannot have the key "__proto__"');
    pairs.push([unquoted(key), scalarOf(unquoted(value), scalars)]);
  }
  return right(pairs.length === 0 ? undefined : Object.fromEntries(pairs));
}

function readYaml(text: string): ReadAnswer {
  const parsed = parseYaml({ file: '', text });
  if (parsed.ok)
    return hasPrototypeKey(parsed.value) ? wrong('cannot have the key "__proto__"') : right(parsed.value);
  const [first] = parsed.mistakes;
  return wrong(`is no YAML, line ${first?.line ?? 1}: ${first?.message ?? 'it cannot be read'}`);
}

function hasPrototypeKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key === '__proto__' || hasPrototypeKey(inner));
}

/** A typed text as the first of the types that it is written like; `1.10` stays text where text is allowed. */
export function scalarOf(text: string, types: readonly JsonType[]): unknown {
  const allowsText = types.includes('string');
  if (types.includes('number') || types.includes('integer')) {
    const number = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/iu.test(text) ? Number(text) : Number.NaN;
    const fits =
      Number.isFinite(number) && (types.includes('number') || Number.isInteger(number) || !allowsText);
    if (fits && (!allowsText || textOf(number) === text)) return number;
  }
  if (types.includes('boolean')) {
    const truth = allowsText && !/^(?:true|false)$/u.test(text) ? undefined : truths[text.toLowerCase()];
    if (truth !== undefined) return truth;
  }
  return text;
}

/** Without regard to case, as people type it; what is none stays as it is, so that the check says what it may be. */
function memberOf(values: readonly (string | number)[], text: string): string | number {
  const exact = values.find((value) => textOf(value) === text);
  return exact ?? values.find((value) => textOf(value).toLowerCase() === text.toLowerCase()) ?? text;
}

const truths: Readonly<Record<string, boolean | undefined>> = Object.assign(Object.create(null), {
  yes: true,
  true: true,
  on: true,
  no: false,
  false: false,
  off: false,
});

function isTruth(answer: TypedAnswer): boolean {
  return typeof answer === 'string' && truths[answer.trim().toLowerCase()] !== undefined;
}

function unquoted(text: string): string {
  return /^"[^"]*"$|^'[^']*'$/u.test(text) ? text.slice(1, -1) : text;
}

function emptyOf(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function right(value: unknown): ReadAnswer {
  return { ok: true, value };
}

function wrong(mistake: string): ReadAnswer {
  return { ok: false, mistake };
}
