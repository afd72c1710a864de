/** The schema of a resource, in the form that field ownership walks along. */
import type { Types } from './apply/typed.ts';
import { customTypes } from './custom/custom.ts';
import type { Resource } from './registry.ts';
import { fieldsOf, structOf } from './schema/schema.ts';

/** Structs that Kubernetes writes even when they are empty: adding one is nobody's doing. */
const alwaysThere = new Set([
  'f:metadata',
  'f:spec',
  'f:status',
  'f:template',
  'f:strategy',
  'f:containers',
  'f:jobTemplate',
]);

export function typesOf(resource: Resource): Types {
  if (resource.custom || !resource.type) return customTypes(resource.custom?.schema ?? {});
  return {
    root: structOf(resource.type),
    field: (schema, key) => (schema.is === 'struct' ? fieldsOf(schema.name).get(key) : undefined),
    isAlwaysThere: (path) => alwaysThere.has(path.at(-1) ?? ''),
  };
}
