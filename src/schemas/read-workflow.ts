/**
 * What a GitHub Actions workflow may be dispatched with: the inputs of its `workflow_dispatch` trigger as a schema.
 * Refused is what GitHub refuses: docs.github.com/actions, "workflow syntax", on.workflow_dispatch.inputs.
 */
import type { InputSchema } from '../core/input-schema.ts';
import { didYouMean, listOf } from '../core/text.ts';
import type { Read, Source } from '../documents/document.ts';
import { isRecord, type SchemaMistake, textOf } from './json-schema.ts';
import { type Found, notFound, readSource } from './read-source.ts';

/** GitHub's number since 2025. */
const inputsMax = 25;

export interface WorkflowOptions {
  /** Inputs that are not for people: what marks the run as ours. */
  readonly hidden?: readonly string[];
}

export function readWorkflow(source: Source, options: WorkflowOptions = {}): Read<InputSchema> {
  return readSource(source, (document) => workflowSchema(document, options));
}

/** Whether a dispatch may say this; asked of the inputs that `hidden` leaves out. */
export function takesInput(document: unknown, name: string): boolean {
  const inputs = inputsOf(document);
  return inputs.ok && Object.hasOwn(inputs.value, name);
}

function workflowSchema(document: unknown, { hidden = [] }: WorkflowOptions): Found {
  const inputs = inputsOf(document);
  if (!inputs.ok) return inputs.found;
  const at = ['on', 'workflow_dispatch', 'inputs'];
  const entries = Object.entries(inputs.value);
  if (entries.length > inputsMax) {
    return notFound(at, `there are ${entries.length} inputs, and GitHub takes ${inputsMax} at most.`);
  }
  const mistakes: SchemaMistake[] = [];
  const properties = entries.map(([name, input]) => {
    const read = propertyOf(input ?? {});
    mistakes.push(...read.mistakes.map(({ path, message }) => ({ path: [...at, name, ...path], message })));
    return [name, read.property] as const;
  });
  if (mistakes.length > 0) return { ok: false, mistakes };
  const isHidden = (name: string) => hidden.includes(name);
  const required = entries.flatMap(([name, input]) =>
    isRecord(input) && input.required === true && !isHidden(name) ? [name] : [],
  );
  const schema = {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(properties.filter(([name]) => !isHidden(name))),
    required,
  };
  return { ok: true, value: { at, schema } };
}

type Inputs =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly found: Found };

function inputsOf(document: unknown): Inputs {
  const refuse = (path: string[], message: string): Inputs => ({ ok: false, found: notFound(path, message) });
  if (!isRecord(document)) return refuse([], 'This is no workflow.');
  // YAML 1.1 reads the key `on` as true.
  const on = document.on ?? document.true;
  const isNamed = on === 'workflow_dispatch' || (Array.isArray(on) && on.includes('workflow_dispatch'));
  if (isNamed) return { ok: true, value: {} };
  if (!isRecord(on) || !Object.hasOwn(on, 'workflow_dispatch')) {
    return refuse(['on'], 'it cannot be started on request: the trigger workflow_dispatch is missing.');
  }
  const dispatch = on.workflow_dispatch ?? {};
  const inputs = isRecord(dispatch) ? (dispatch.inputs ?? {}) : undefined;
  if (!isRecord(inputs)) return refuse(['on', 'workflow_dispatch', 'inputs'], 'inputs are a map, by name.');
  return { ok: true, value: inputs };
}

const inputTypes = ['string', 'choice', 'boolean', 'number', 'environment'] as const;

function propertyOf(input: unknown): { property: Record<string, unknown>; mistakes: SchemaMistake[] } {
  const mistakes: SchemaMistake[] = [];
  const say = (path: string[], message: string): void => {
    mistakes.push({ path, message });
  };
  if (!isRecord(input))
    return { property: {}, mistakes: [{ path: [], message: 'an input is a map of keys.' }] };
  const { type = 'string', description, default: byDefault, options } = input;
  if (!inputTypes.some((one) => one === type)) {
    say(['type'], `there is no type "${textOf(type).slice(0, 50)}".${didYouMean(textOf(type), inputTypes)}`);
  }
  if (options !== undefined && type !== 'choice')
    say(['options'], `only a choice has options, not a ${textOf(type)}.`);
  const property: Record<string, unknown> = {
    ...(typeof description === 'string' ? { description } : {}),
    ...(byDefault === undefined || byDefault === null || byDefault === '' ? {} : { default: byDefault }),
  };
  const isDefault = (is: (value: unknown) => boolean, what: string): void => {
    if (property.default !== undefined && !is(byDefault)) say(['default'], `the default must be ${what}.`);
  };
  switch (type) {
    case 'choice': {
      const values = Array.isArray(options) ? options.map(textOf) : [];
      if (values.length === 0) say(['options'], 'a choice needs options.');
      if (values.includes('')) say(['options'], 'an option cannot be empty.');
      if (new Set(values).size < values.length) say(['options'], 'the same option is there twice.');
      if (property.default !== undefined) property.default = textOf(byDefault);
      isDefault((value) => values.includes(textOf(value)), `one of ${listOf(values, 'or')}`);
      return { property: { ...property, type: 'string', enum: values }, mistakes };
    }
    case 'boolean':
      isDefault((value) => typeof value === 'boolean', 'true or false, without quotes');
      return { property: { ...property, type: 'boolean' }, mistakes };
    case 'number':
      isDefault((value) => typeof value === 'number', 'a number');
      return { property: { ...property, type: 'number' }, mistakes };
    case 'environment':
      isDefault((value) => typeof value === 'string', 'text');
      return {
        property: { description: 'An environment of the repository.', ...property, type: 'string' },
        mistakes,
      };
    default:
      isDefault((value) => typeof value === 'string', 'text: write it in quotes');
      return { property: { ...property, type: 'string' }, mistakes };
  }
}
