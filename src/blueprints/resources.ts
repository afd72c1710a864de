/** The resources of a blueprint or of an operation: checked against each other, compiled, in order. */
import { z } from 'zod';
import type { BlueprintResource, BlueprintScope, Observed, Readiness } from '../core/blueprint.ts';
import type { Manifest, ManifestRef } from '../core/cluster.ts';
import { hourMs, secondMs } from '../core/duration.ts';
import type { InputSchema } from '../core/input-schema.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { didYouMean } from '../core/text.ts';
import type { Path } from '../documents/positions.ts';
import type { Branch } from '../expressions/scope.ts';
import type { ResourceInFile } from './blueprint-file.ts';
import { kindMistake, mayLeave, type OutsideKinds } from './kinds.ts';
import { inOrder } from './order.ts';
import type { Compiled, Reading } from './reading.ts';
import { askedScope, planScope, valuesOf, withResources, withSelf } from './scopes.ts';
import { readTemplate } from './template.ts';

export interface ResourceContext {
  readonly what: 'blueprint' | 'operation';
  readonly reading: Reading;
  readonly inputs: InputSchema;
  readonly outside: OutsideKinds;
  /** Resources made before these, which these may speak of: those of the blueprint, for an operation. */
  readonly earlier: Readonly<Record<string, ResourceInFile>>;
}

export function readResources(
  files: Readonly<Record<string, ResourceInFile>>,
  path: Path,
  context: ResourceContext,
): readonly BlueprintResource[] {
  const all = { ...context.earlier, ...files };
  const resources = Object.entries(files).map(([name, file]) =>
    readResource(name, file, [...path, name], all, context),
  );
  const sorted = inOrder(resources);
  if ('order' in sorted) return sorted.order;
  const [first = ''] = sorted.cycle;
  context.reading.complain(
    [...path, first],
    `these wait for each other, so none of them could ever be made: ${sorted.cycle.join(' → ')}.`,
  );
  return resources;
}

function readResource(
  name: string,
  file: ResourceInFile,
  path: Path,
  all: Readonly<Record<string, ResourceInFile>>,
  { what, reading, inputs, outside }: ResourceContext,
): BlueprintResource {
  const asked = askedScope(inputs, what);
  const planned = planScope(inputs, what);
  const made = withResources(asked, Object.keys(all));
  const { apiVersion, kind, metadata } = file.manifest;
  const place = readPlace(file, path, outside, reading);
  const nameOf = reading.template(metadata.name, [...path, 'manifest', 'metadata', 'name'], planned);
  const {
    metadata: { name: _name, ...moreMetadata },
    ...rest
  } = file.manifest;
  const body = reading.template({ ...rest, metadata: moreMetadata }, [...path, 'manifest'], made);
  const when = file.when === undefined ? undefined : reading.condition(file.when, [...path, 'when'], planned);
  const readiness = readReadiness(file, path, made, { reading, inputs });
  const reads = [...new Set([...body.reads, ...readiness.reads].flatMap(resourceIn))].filter(
    (one) => one !== name,
  );
  checkReads({ ...{ name, path, all, reading }, reads, own: body.reads });
  checkNeeds(file.needs, [...path, 'needs'], Object.keys(all), reading);
  checkSecret(file, path, made, reading);
  if (what === 'operation') checkJob(file, path, reading);

  const ref = (scope: BlueprintScope): ManifestRef => ({
    apiVersion,
    kind,
    name: checkedName(nameOf.get(valuesOf(inputs, scope)), kind, name),
    ...namespaceFor(place, scope),
  });
  return {
    ...{ name, apiVersion, kind, reads },
    needs: [...new Set([...file.needs, ...reads])],
    generated: file.generate ?? {},
    readiness: readiness.value,
    isWanted: (scope) => when === undefined || when.get(valuesOf(inputs, scope)),
    ref,
    manifest(scope, observed) {
      const filled = body.get(valuesOf(inputs, scope, observed)) as Manifest;
      const { apiVersion: _version, kind: _kind, name: own, ...where } = ref(scope);
      // What it is and where it goes is said here last: nothing that was filled in can say otherwise.
      return { ...filled, apiVersion, kind, metadata: { ...filled.metadata, name: own, ...where } };
    },
  };
}

/** The environment's namespace, another one, or none. */
type Place = { readonly namespace: string | undefined } | 'environment';

function readPlace(file: ResourceInFile, path: Path, outside: OutsideKinds, reading: Reading): Place {
  const { apiVersion, kind, metadata } = file.manifest;
  const at = (...more: string[]) => [...path, 'manifest', ...more];
  for (const field of ['apiVersion', 'kind', 'metadata'] as const) {
    const value = file.manifest[field];
    if (typeof value === 'string' && value.includes('${'))
      reading.complain(at(field), 'this must be said here, not filled in.');
  }
  for (const field of ['ownerReferences', 'finalizers', 'generateName'] as const) {
    if (metadata[field] !== undefined)
      reading.complain(at('metadata', field), 'leave it out: Greenlight keeps track of what it makes.');
  }
  const { namespace } = metadata;
  const isNowhere = outside.some(
    (one) => one.apiVersion === apiVersion && one.kind === kind && one.namespace === undefined,
  );
  if (namespace === undefined && !isNowhere) {
    const mistake = kindMistake(apiVersion, kind);
    if (mistake !== undefined) reading.complain(at('kind'), mistake);
    return 'environment';
  }
  const wanted = typeof namespace === 'string' ? { namespace } : {};
  if (!mayLeave(outside, { apiVersion, kind, ...wanted })) {
    reading.complain(
      at('metadata', 'namespace'),
      `leave it out: it goes into the environment's own namespace. The catalog would have to allow ${kind} elsewhere (environments.outside).`,
    );
  }
  return { namespace: wanted.namespace };
}

function namespaceFor(place: Place, { environment }: BlueprintScope): { namespace?: string } {
  if (place === 'environment') return { namespace: environment.namespace };
  return place.namespace === undefined ? {} : { namespace: place.namespace };
}

function readReadiness(
  file: ResourceInFile,
  path: Path,
  made: Branch,
  { reading, inputs }: Pick<ResourceContext, 'reading' | 'inputs'>,
): { readonly value: Readiness; readonly reads: readonly string[] } {
  const { ready, conditions } = file;
  if (ready !== undefined && conditions !== undefined)
    reading.complain([...path, 'conditions'], 'say either ready or conditions.');
  if (conditions) return { value: { by: 'conditions', types: conditions }, reads: [] };
  if (ready === undefined) return { value: { by: 'health' }, reads: [] };
  const { reads, get }: Compiled<boolean> = reading.condition(ready, [...path, 'ready'], withSelf(made));
  const isReady = (self: Manifest, scope: BlueprintScope, observed: Observed) =>
    get({ ...valuesOf(inputs, scope, observed), self });
  return { value: { by: 'expression', text: ready, isReady }, reads };
}

/** `resources.database.status.host` -> `database`. */
function resourceIn(path: string): string[] {
  const [first, name] = path.split('.');
  return first === 'resources' && name !== undefined ? [name] : [];
}

function checkReads({
  name,
  path,
  all,
  reading,
  reads,
  own,
}: {
  readonly name: string;
  readonly path: Path;
  readonly all: Readonly<Record<string, ResourceInFile>>;
  readonly reading: Reading;
  readonly reads: readonly string[];
  readonly own: readonly string[];
}): void {
  if (own.flatMap(resourceIn).includes(name))
    reading.complain(path, 'it cannot speak of itself before it is made.');
  for (const one of reads) {
    if (all[one]?.manifest.kind !== 'Secret') continue;
    reading.complain(
      path,
      `"${one}" is a Secret, which Greenlight never reads: name it, and let the Pods read it.`,
    );
  }
}

function checkNeeds(needs: readonly string[], path: Path, known: readonly string[], reading: Reading): void {
  for (const [index, need] of needs.entries()) {
    if (known.includes(need)) continue;
    reading.complain([...path, index], `there is no resource "${need}".${didYouMean(need, known)}`);
  }
}

/** Values of a Secret are made up by the adapter, or stand in the file in plain sight: they are never asked for. */
function checkSecret(file: ResourceInFile, path: Path, scope: Branch, reading: Reading): void {
  const { kind, stringData, data } = file.manifest;
  if (file.generate !== undefined && kind !== 'Secret')
    reading.complain([...path, 'generate'], 'only a Secret has values to generate.');
  if (kind !== 'Secret') return;
  for (const [field, value] of Object.entries({ stringData, data })) {
    const { reads } = readTemplate(value ?? '', scope).template;
    if (reads.some((one) => /^(?:input|values)\b/.test(one)))
      reading.complain(
        [...path, 'manifest', field],
        'a Secret takes nothing from an input: what is typed in chat is no secret.',
      );
  }
  if (file.ready !== undefined || file.conditions !== undefined)
    reading.complain([...path, 'ready'], 'a Secret is never read, so it is ready as soon as it is made.');
}

/** Seconds for which a finished Job of an operation must stay at least. */
const keptMin = hourMs / secondMs;
const brieflyKept = z.object({
  kind: z.literal('Job'),
  spec: z.object({ ttlSecondsAfterFinished: z.number().lt(keptMin) }),
});

/** An operation looks at all that it makes until the last of it is ready, and must still find what ended first. */
function checkJob({ manifest }: ResourceInFile, path: Path, reading: Reading): void {
  if (!brieflyKept.safeParse(manifest).success) return;
  reading.complain(
    [...path, 'manifest', 'spec', 'ttlSecondsAfterFinished'],
    `write ${keptMin} (an hour) at least, better days, or leave it out: the Job must still be there when all else is ready.`,
  );
}

/** A name that an input is part of could be anything: the server's own rule (RFC 1123 subdomain) holds before it is asked. */
function checkedName(name: unknown, kind: string, resource: string): string {
  const isName =
    typeof name === 'string' && name.length <= 253 && /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/.test(name);
  if (isName) return name;
  const shown = JSON.stringify(name)?.slice(0, 80) ?? 'nothing';
  throw new ProblemError(
    problem(
      'bad_input',
      `The ${kind} "${resource}" of the blueprint would be called ${shown}, which is no name in Kubernetes.`,
      'Use small letters, digits and dashes, at most 253 in all, in whatever it is named by.',
    ),
  );
}
