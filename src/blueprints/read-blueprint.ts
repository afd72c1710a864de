/** One file of `data/blueprints/`: checked like the policy, and compiled to what core/blueprint.ts promises. Pure. */
import type { Blueprint, BlueprintOperation, BlueprintPart, BlueprintScope } from '../core/blueprint.ts';
import { digestOf } from '../core/digest.ts';
import type { InputSchema } from '../core/input-schema.ts';
import { didYouMean } from '../core/text.ts';
import { inFileOrder, type Mistake, type Read, type Source } from '../documents/document.ts';
import { readDocument } from '../documents/read-document.ts';
import { type BlueprintFile, blueprintFileSchema } from './blueprint-file.ts';
import { readInputs } from './inputs.ts';
import type { OutsideKinds } from './kinds.ts';
import { plainOutputs } from './outputs.ts';
import { createReading, type Reading } from './reading.ts';
import { readResources } from './resources.ts';
import { askedScope, planScope, valuesOf, withPrices, withResources } from './scopes.ts';

export interface BlueprintContext {
  /** Kinds that the catalog lets leave an environment's namespace. */
  readonly outside: OutsideKinds;
  /** Names of the catalog's prices. */
  readonly prices: readonly string[];
  /** A file beside the blueprint's, by its name. */
  neighbour(name: string): Source | undefined;
}

export function readBlueprint(name: string, source: Source, context: BlueprintContext): Read<Blueprint> {
  const read = readDocument(source, blueprintFileSchema);
  if (!read.ok) return read;
  const { value: file, positions } = read;
  const mistakes: Mistake[] = [];
  const reading = createReading(name, positions, mistakes);
  const inputs = readInputs(file.inputs, ['inputs'], reading, context);
  const blueprint = compile(name, file, inputs, reading, context);
  if (mistakes.length > 0) return { ok: false, mistakes: inFileOrder(mistakes) };
  return { ok: true, value: { ...blueprint, digest: digestOf([source.text, inputs.digest]) } };
}

function compile(
  name: string,
  file: BlueprintFile,
  inputs: InputSchema,
  reading: Reading,
  context: BlueprintContext,
): Omit<Blueprint, 'digest'> {
  const { outside } = context;
  const { title, description, defaults } = file;
  const resources = readResources(file.resources, ['resources'], {
    what: 'blueprint',
    reading,
    inputs,
    outside,
    earlier: {},
  });
  return {
    ...{ name, title, description, defaults, inputs, resources },
    hasInstaller: file.installer,
    parts: Object.entries(file.parts).map(([part, one]) => readPart(part, one, inputs, reading)),
    extraPerHour: readCost(file.cost, inputs, reading, context),
    outputs: readOutputs(name, file, inputs, reading),
    operations: Object.keys(file.operations).map((operation) =>
      readOperation(operation, file, reading, context),
    ),
  };
}

function readPart(
  name: string,
  file: BlueprintFile['parts'][string],
  inputs: InputSchema,
  reading: Reading,
): BlueprintPart {
  const scope = askedScope(inputs, 'blueprint');
  const path = ['parts', name];
  const when =
    file.when === undefined
      ? undefined
      : reading.condition(file.when, [...path, 'when'], planScope(inputs, 'blueprint'));
  const settings = reading.template(file.with, [...path, 'with'], scope);
  return {
    name,
    kind: file.kind,
    isWanted: (asked) => when === undefined || when.get(valuesOf(inputs, asked)),
    settings: (asked) => settings.get(valuesOf(inputs, asked)) as Readonly<Record<string, unknown>>,
  };
}

function readCost(
  text: string | undefined,
  inputs: InputSchema,
  reading: Reading,
  { prices }: BlueprintContext,
): Blueprint['extraPerHour'] {
  if (text === undefined) return () => 0;
  const cost = reading.number(text, ['cost'], withPrices(askedScope(inputs, 'blueprint'), prices));
  // Less than nothing would be a discount that talks a large environment below a limit of the guardrails.
  return (scope, current) => Math.max(0, cost.get({ ...valuesOf(inputs, scope), prices: current }));
}

function readOutputs(
  blueprint: string,
  file: BlueprintFile,
  inputs: InputSchema,
  reading: Reading,
): Blueprint['outputs'] {
  const names = Object.keys(file.resources);
  const outputs = reading.template(
    file.outputs,
    ['outputs'],
    withResources(askedScope(inputs, 'blueprint'), names),
  );
  for (const path of outputs.reads) {
    const [first, name = ''] = path.split('.');
    if (first !== 'resources' || file.resources[name]?.manifest.kind !== 'Secret') continue;
    reading.complain(
      ['outputs'],
      `"${name}" is a Secret, which Greenlight never reads: name it under secrets.`,
    );
  }
  return (scope, observed) => plainOutputs(blueprint, outputs.get(valuesOf(inputs, scope, observed)));
}

function readOperation(
  name: string,
  { operations, resources: earlier }: BlueprintFile,
  reading: Reading,
  context: BlueprintContext,
): BlueprintOperation {
  const path = ['operations', name];
  const file = operations[name] ?? { title: '', description: '', resources: {}, patch: {} };
  const inputs = readInputs(file.inputs, [...path, 'inputs'], reading, context);
  const { outside } = context;
  const resources = readResources(file.resources, [...path, 'resources'], {
    what: 'operation',
    reading,
    inputs,
    outside,
    earlier,
  });
  const scope = askedScope(inputs, 'operation');
  const patches = Object.entries(file.patch).map(([resource, patch]) => {
    const where = [...path, 'patch', resource];
    const known = Object.keys(earlier);
    if (!known.includes(resource))
      reading.complain(where, `there is no resource "${resource}".${didYouMean(resource, known)}`);
    // To take a patch back, what was there before is read and remembered.
    if (known.includes(resource) && earlier[resource]?.manifest.kind === 'Secret')
      reading.complain(
        where,
        `"${resource}" is a Secret, which Greenlight never reads, so it cannot be patched.`,
      );
    for (const field of ['apiVersion', 'kind', 'metadata', 'status'].filter((one) => one in patch))
      reading.complain(
        [...where, field],
        'an operation changes what a resource is to be, not which one it is.',
      );
    const change = reading.template(patch, where, scope);
    return {
      resource,
      change: (asked: BlueprintScope) =>
        change.get(valuesOf(inputs, asked)) as Readonly<Record<string, unknown>>,
    };
  });
  if (resources.length + patches.length === 0)
    reading.complain(path, 'it does nothing: give it resources or a patch.');
  for (const resource of Object.keys(file.resources).filter((one) => one in earlier))
    reading.complain(
      [...path, 'resources', resource],
      'a resource of the blueprint has this name; change it with patch.',
    );
  return { name, title: file.title, description: file.description, inputs, resources, patches };
}
