/** Plain JSON Schema, and the schema of a Helm chart's values, in JSON or YAML. */
import type { InputSchema } from '../core/input-schema.ts';
import type { Read, Source } from '../documents/document.ts';
import { parseYaml } from '../documents/parse-yaml.ts';
import { isRecord } from './json-schema.ts';
import { notFound, readSource } from './read-source.ts';

/** Draft-04 to 2020-12; `$schema` is not needed and not followed. */
export function readJsonSchema(source: Source): Read<InputSchema> {
  return readSource(source, (schema) =>
    isRecord(schema)
      ? { ok: true, value: { at: [], schema } }
      : notFound([], 'A schema is a map of keywords.'),
  );
}

/**
 * `values.schema.json`. With the chart's own `values.yaml` beside it, what stands there is the default: Helm checks both
 * together, so whatever the chart requires of itself is required of nobody else.
 */
export function readValuesSchema(source: Source, values?: Source): Read<InputSchema> {
  const own = values === undefined ? undefined : parseYaml(values);
  if (own && !own.ok) return own;
  return readSource(source, (schema) =>
    isRecord(schema)
      ? { ok: true, value: { at: [], schema: withOwnValues(schema, own?.value) } }
      : notFound([], 'The schema of values is a map of keywords.'),
  );
}

function withOwnValues(schema: Readonly<Record<string, unknown>>, values: unknown): Record<string, unknown> {
  const { properties } = schema;
  if (!isRecord(values) || !isRecord(properties)) return schema;
  const filled = Object.entries(properties).map(([name, property]) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined || value === null || !isRecord(property)) return [name, property] as const;
    const isPart = isRecord(value) && isRecord(property.properties);
    return [name, isPart ? withOwnValues(property, value) : { ...property, default: value }] as const;
  });
  return { ...schema, properties: Object.fromEntries(filled) };
}
