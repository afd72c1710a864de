/** CustomResourceDefinitions: establishes them, serves their resources, and takes both away again. */
import { asJson, at, copy, isObject } from '../json.ts';
import type { CustomResource, Resource, Subresource } from '../registry.ts';
import type { Json, JsonObject, KubeObject } from '../types.ts';
import { type ClusterWorld, timestamp } from '../world.ts';
import { type Controller, own } from './loop.ts';
import { remove, setStatus } from './tools.ts';

const storage = 'apiextensions.k8s.io/customresourcedefinitions';

export function definitionController(world: ClusterWorld): Controller {
  return {
    delayMs: 200,
    keysOf: (change) => own(change, storage),
    reconcile(_, name) {
      const definition = world.store.get(storage, undefined, name);
      if (!definition) {
        world.registry.setCustom(name, []);
        return undefined;
      }
      if (definition.metadata.deletionTimestamp) return takeAway(world, definition);
      world.registry.setCustom(name, resourcesOf(definition));
      establish(world, definition);
      return undefined;
    },
  };
}

function takeAway(world: ClusterWorld, definition: KubeObject): number | undefined {
  const group = String(at(asJson(definition), 'spec', 'group'));
  const plural = String(at(asJson(definition), 'spec', 'names', 'plural'));
  const left = world.store.list(`${group}/${plural}`);
  for (const object of left) if (!object.metadata.deletionTimestamp) remove(world, object);
  if (world.store.list(`${group}/${plural}`).length > 0) return 500;
  world.registry.setCustom(definition.metadata.name, []);
  world.store.remove(storage, definition);
  return undefined;
}

function establish(world: ClusterWorld, definition: KubeObject): void {
  const spec = (asJson(definition).spec ?? {}) as JsonObject;
  const known = at(asJson(definition), 'status', 'conditions');
  if (Array.isArray(known) && known.length > 1) return;
  const now = timestamp(world.clock.now());
  const condition = (type: string, reason: string, message: string): Json => ({
    type,
    status: 'True',
    lastTransitionTime: now,
    reason,
    message,
  });
  const versions = Array.isArray(spec.versions) ? spec.versions : [];
  const stored = versions.find((one) => at(one, 'storage') === true);
  setStatus(world, definition, {
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
    ],
    acceptedNames: copy(spec.names ?? {}),
    storedVersions: [at(stored, 'name') ?? ''],
  });
}

/** What a definition adds to the API: one resource per served version. */
export function resourcesOf(definition: KubeObject): Resource[] {
  const spec = (asJson(definition).spec ?? {}) as JsonObject;
  const names = (spec.names ?? {}) as JsonObject;
  const versions = Array.isArray(spec.versions) ? spec.versions : [];
  const strings = (value: Json | undefined) => (Array.isArray(value) ? value.map(String) : []);
  return versions.filter(isObject).flatMap((version): Resource[] => {
    if (version.served !== true) return [];
    const custom = customOf(definition.metadata.name, version);
    const kind = String(names.kind);
    const verbs = ['get', 'patch', 'update'];
    const subresources: Subresource[] = [
      ...(custom.hasStatus ? [{ name: 'status', kind, verbs }] : []),
      ...(custom.scale ? [{ name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs }] : []),
    ];
    return [
      {
        group: String(spec.group),
        version: String(version.name),
        plural: String(names.plural),
        singular: String(names.singular),
        kind,
        namespaced: spec.scope === 'Namespaced',
        shortNames: strings(names.shortNames),
        categories: strings(names.categories),
        verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
        subresources,
        custom,
      },
    ];
  });
}

function customOf(definition: string, version: JsonObject): CustomResource {
  const schema = at(version, 'schema', 'openAPIV3Schema');
  const scale = at(version, 'subresources', 'scale');
  const columns = Array.isArray(version.additionalPrinterColumns) ? version.additionalPrinterColumns : [];
  return {
    definition,
    schema: isObject(schema) ? schema : {},
    hasStatus: at(version, 'subresources', 'status') !== undefined,
    ...(isObject(scale)
      ? { scale: { specPath: String(scale.specReplicasPath), statusPath: String(scale.statusReplicasPath) } }
      : {}),
    columns: columns.filter(isObject).map((column) => ({
      name: String(column.name),
      type: String(column.type),
      jsonPath: String(column.jsonPath),
      ...(typeof column.priority === 'number' ? { priority: column.priority } : {}),
    })),
  };
}
