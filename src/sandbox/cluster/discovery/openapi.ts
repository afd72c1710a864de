/** The OpenAPI documents, as far as kubectl reads them: which operations take which parameters, and the types. */
import { apiVersionOf, type Registry, type Resource } from '../registry.ts';
import { fieldsOf, type Schema } from '../schema/schema.ts';
import type { Json, JsonObject } from '../types.ts';

export function openApiV3Index(registry: Registry): JsonObject {
  const versions = new Set(registry.all().map(apiVersionOf));
  const paths: JsonObject = {};
  for (const one of versions) {
    const path = one === 'v1' ? 'api/v1' : `apis/${one}`;
    paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=SANDBOX` };
  }
  return { paths };
}

export function openApiV3(registry: Registry, group: string, version: string): JsonObject {
  const resources = registry
    .all()
    .filter((one) => one.group === group && one.version === version && one.verbs.includes('get'));
  const schemas: JsonObject = {};
  const paths: JsonObject = {};
  for (const resource of resources) {
    addSchemas(resource, schemas, '#/components/schemas/');
    Object.assign(paths, pathsOf(resource, v3Parameters));
  }
  return { openapi: '3.0.0', info, paths, components: { schemas } };
}

export function openApiV2(registry: Registry): JsonObject {
  const definitions: JsonObject = {};
  const paths: JsonObject = {};
  for (const resource of registry.all().filter((one) => one.verbs.includes('get'))) {
    addSchemas(resource, definitions, '#/definitions/');
    Object.assign(paths, pathsOf(resource, v2Parameters));
  }
  return { swagger: '2.0', info, paths, definitions };
}

const info: JsonObject = { title: 'Kubernetes (sandbox)', version: 'v1.32.13' };
const queryNames = ['dryRun', 'fieldManager', 'fieldValidation', 'force'];
const v3Parameters: Json = queryNames.map((name) => ({
  name,
  in: 'query',
  schema: { type: name === 'force' ? 'boolean' : 'string', uniqueItems: true },
}));
const v2Parameters: Json = queryNames.map((name) => ({
  name,
  in: 'query',
  type: name === 'force' ? 'boolean' : 'string',
  uniqueItems: true,
}));

function pathsOf(resource: Resource, parameters: Json): JsonObject {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${apiVersionOf(resource)}`;
  const base = `${root}${resource.namespaced ? '/namespaces/{namespace}' : ''}/${resource.plural}`;
  const gvk = { group: resource.group, version: resource.version, kind: resource.kind };
  const operation = (action: string): JsonObject => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
    parameters,
    responses: { '200': { description: 'OK' } },
  });
  return {
    [base]: { get: operation('list'), post: operation('post'), delete: operation('deletecollection') },
    [`${base}/{name}`]: {
      get: operation('get'),
      put: operation('put'),
      patch: operation('patch'),
      delete: operation('delete'),
    },
  };
}

function addSchemas(resource: Resource, into: JsonObject, prefix: string): void {
  const name = `${groupName(resource)}.${resource.version}.${resource.kind}`;
  const gvk = [{ group: resource.group, version: resource.version, kind: resource.kind }];
  const root: JsonObject = resource.custom
    ? { ...resource.custom.schema }
    : { type: 'object', properties: properties(resource.type ?? resource.kind, into, prefix) };
  into[name] = { ...root, 'x-kubernetes-group-version-kind': gvk };
}

function groupName({ group, custom }: Resource): string {
  if (custom) return group.split('.').reverse().join('.');
  return `io.k8s.api.${group === '' ? 'core' : group.split('.')[0]}`;
}

function properties(type: string, into: JsonObject, prefix: string): JsonObject {
  const out: JsonObject = {};
  for (const [key, schema] of fieldsOf(type)) out[key] = describe(schema, into, prefix);
  return out;
}

function describe(schema: Schema, into: JsonObject, prefix: string): JsonObject {
  switch (schema.is) {
    case 'map':
      return { type: 'object', additionalProperties: describe(schema.of, into, prefix) };
    case 'list': {
      const merge = schema.keys[0];
      return {
        type: 'array',
        items: describe(schema.of, into, prefix),
        ...(merge === undefined
          ? {}
          : {
              'x-kubernetes-list-type': 'map',
              'x-kubernetes-list-map-keys': [...schema.keys],
              'x-kubernetes-patch-strategy': 'merge',
              'x-kubernetes-patch-merge-key': merge,
            }),
      };
    }
    case 'struct': {
      const name = `io.k8s.sandbox.${schema.name}`;
      if (into[name] === undefined) {
        into[name] = {};
        into[name] = { type: 'object', properties: properties(schema.name, into, prefix) };
      }
      return { $ref: `${prefix}${name}` };
    }
    case 'scalar':
      return scalars[schema.scalar] ?? {};
  }
}

const scalars: Record<string, JsonObject> = {
  string: { type: 'string' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  number: { type: 'number' },
  bool: { type: 'boolean' },
  time: { type: 'string', format: 'date-time' },
  bytes: { type: 'string', format: 'byte' },
  intstr: { 'x-kubernetes-int-or-string': true },
  quantity: { type: 'string' },
};
