/** What a custom resource takes, from its definition (`apiextensions.k8s.io/v1`, an OpenAPI v3 schema per version). */
import type { InputSchema } from '../core/input-schema.ts';
import { didYouMean, listOf } from '../core/text.ts';
import type { Read, Source } from '../documents/document.ts';
import { isRecord, textOf } from './json-schema.ts';
import { type Found, notFound, readSource } from './read-source.ts';

export interface DefinitionChoice {
  /** The version that is stored when not given. */
  readonly version?: string;
  /** Properties on the way to what is asked for; what people want lives below `spec`. */
  readonly path?: readonly string[];
}

export function readDefinition(source: Source, choice: DefinitionChoice = {}): Read<InputSchema> {
  return readSource(source, (document) => find(document, choice));
}

function find(document: unknown, { version, path = ['spec'] }: DefinitionChoice): Found {
  if (!isRecord(document) || document.kind !== 'CustomResourceDefinition') {
    return notFound([], 'This is no CustomResourceDefinition.');
  }
  const spec = isRecord(document.spec) ? document.spec : {};
  const versions = (Array.isArray(spec.versions) ? spec.versions : []).filter(isRecord);
  const names = versions.map(({ name }) => textOf(name));
  const index = versions.findIndex((one) =>
    version === undefined ? one.storage === true : one.name === version,
  );
  const chosen = versions[index];
  if (!chosen) {
    const wanted = version === undefined ? 'there is no stored version' : `there is no version "${version}"`;
    const known = names.length === 0 ? '' : `, only ${listOf(names)}`;
    return notFound(
      ['spec', 'versions'],
      `${wanted}${known}.${version === undefined ? '' : didYouMean(version, names)}`,
    );
  }
  let at: (string | number)[] = ['spec', 'versions', index, 'schema', 'openAPIV3Schema'];
  let schema: unknown = isRecord(chosen.schema) ? chosen.schema.openAPIV3Schema : undefined;
  if (schema === undefined) return notFound(['spec', 'versions', index], 'this version has no schema.');
  for (const name of path) {
    const properties: unknown = isRecord(schema) ? schema.properties : undefined;
    const known = isRecord(properties) ? Object.keys(properties) : [];
    if (!isRecord(properties) || !Object.hasOwn(properties, name)) {
      return notFound(at, `there is no property "${name}".${didYouMean(name, known)}`);
    }
    at = [...at, 'properties', name];
    schema = properties[name];
  }
  return { ok: true, value: { at, schema: structural(schema) } };
}

/** Kubernetes' words beside OpenAPI's: formats that mean something else there are left to the cluster. */
function structural(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(structural);
  if (!isRecord(schema)) return schema;
  const entries = Object.entries(schema).map(([keyword, value]) => {
    if (dataKeywords.has(keyword)) return [keyword, value] as const;
    return [keyword, structural(value)] as const;
  });
  const out = Object.fromEntries(entries);
  // Go's "1h30m", and JSON Schema's "PT1H30M": the same word.
  if (typeof out.format === 'string' && goFormats.has(out.format)) delete out.format;
  return out;
}

const dataKeywords = new Set([
  'default',
  'enum',
  'example',
  'required',
  'description',
  'x-kubernetes-validations',
]);
const goFormats = new Set(['duration', 'byte', 'int-or-string', 'bsonobjectid', 'cidr']);
