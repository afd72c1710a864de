/**
 * How an object comes to be, changes and goes: the same way for requests and for the box's own controllers, so
 * that a quota refuses both. Defaults, admission, validation, ownership of fields, then the store.
 */
import { admitCreate, admitUpdate } from './admission/admit.ts';
import { setDefaults } from './admission/defaults.ts';
import { validateCreate, validateUpdate } from './admission/validate.ts';
import { recordUpdate, type Writer } from './apply/managed-fields.ts';
import { customDefaults } from './custom/custom.ts';
import { asJson, copy, same } from './json.ts';
import { apiVersionOf, hasStatus, type Resource, storageOf } from './registry.ts';
import {
  type About,
  alreadyExists,
  conflict,
  internal,
  invalid,
  modified,
  notFound,
  required,
} from './status.ts';
import type { JsonObject, KubeObject, UserInfo } from './types.ts';
import { typesOf } from './types-of.ts';
import { type ClusterWorld, timestamp } from './world.ts';

/** Who writes and in which way. */
export interface WriteContext {
  readonly user: UserInfo;
  readonly manager: string;
  readonly dryRun?: boolean;
  readonly subresource?: string;
  /** Collects what becomes a `Warning` header. */
  readonly warn?: (text: string) => void;
  /** Fields were settled by server-side apply: do not record an update. */
  readonly applied?: boolean;
}

export function aboutOf(resource: Resource, name?: string): About {
  return { group: resource.group, resource: resource.plural, ...(name === undefined ? {} : { name }) };
}

/** Kinds that count the generations of their spec. */
const generationKinds = new Set([
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'Job',
  'CronJob',
  'Ingress',
  'NetworkPolicy',
  'EndpointSlice',
  'CustomResourceDefinition',
]);

export function countsGeneration(resource: Resource): boolean {
  return resource.custom !== undefined || generationKinds.has(resource.kind);
}

/** @throws ApiError for whatever a real server would refuse it for. */
export function createObject(
  world: ClusterWorld,
  resource: Resource,
  namespace: string | undefined,
  input: KubeObject,
  context: WriteContext,
): KubeObject {
  const object = copy(input);
  asJson(object).metadata ??= {};
  const meta = object.metadata;
  if (meta.resourceVersion) throw internal('resourceVersion should not be set on objects to be created');
  object.kind = resource.kind;
  object.apiVersion = apiVersionOf(resource);
  if (resource.namespaced && namespace !== undefined) meta.namespace = namespace;
  else delete meta.namespace;
  if (!meta.name && meta.generateName) meta.name = `${meta.generateName}${world.ids.suffix()}`;
  meta.uid = world.ids.uid();
  meta.creationTimestamp = timestamp(world.clock.now());
  delete meta.deletionTimestamp;
  delete meta.deletionGracePeriodSeconds;
  if (!context.applied) delete meta.managedFields;
  if (hasStatus(resource)) delete asJson(object).status;
  if (countsGeneration(resource)) meta.generation = 1;
  else delete meta.generation;
  dropEmptyMeta(object);
  if (!meta.name)
    throw invalid(resource, '', [required('metadata.name', 'name or generateName is required')]);

  if (resource.custom) customDefaults(object, resource.custom);
  else setDefaults(object);
  admitCreate(world, resource, object, context, 'mutate');
  validateCreate(resource, object);
  const about = aboutOf(resource, meta.name);
  const storage = storageOf(resource);
  const live = world.store.get(storage, meta.namespace, meta.name);
  admitCreate(world, resource, object, context, 'validate', live !== undefined);
  if (live) throw alreadyExists(about, live.metadata.deletionTimestamp ? 'object is being deleted: ' : '');
  if (!context.applied) {
    recordUpdate(
      undefined,
      object,
      typesOf(resource),
      writerOf(world, resource, context),
      hasStatus(resource),
    );
  }
  // Set behind the field managers' backs, as the real server does it: nobody owns this finalizer.
  if (resource.kind === 'Namespace') asJson(object).spec = { finalizers: ['kubernetes'] };
  if (context.dryRun) return object;
  return world.store.put(storage, object);
}

/**
 * Writes a whole new version of an object.
 * @param change gets a copy of the live object and returns what it should become.
 */
export function updateObject(
  world: ClusterWorld,
  resource: Resource,
  namespace: string | undefined,
  name: string,
  context: WriteContext,
  change: (live: KubeObject) => KubeObject,
): KubeObject {
  const storage = storageOf(resource);
  const about = aboutOf(resource, name);
  const live = world.store.get(storage, namespace, name);
  if (!live) throw notFound(about);
  const wanted = change(copy(live));
  const given = wanted.metadata;
  if (given.uid && given.uid !== live.metadata.uid) {
    throw conflict(
      about,
      `StorageError: invalid object, Code: 4, Key: /registry/${storageKey(resource)}/${namespace ? `${namespace}/` : ''}${name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${given.uid}, UID in object meta: ${live.metadata.uid}`,
    );
  }
  if (given.resourceVersion) {
    if (!/^\d+$/.test(given.resourceVersion))
      throw internal(`strconv.ParseUint: parsing ${JSON.stringify(given.resourceVersion)}: invalid syntax`);
    if (given.resourceVersion !== live.metadata.resourceVersion) throw modified(about);
  }
  const next = keepServerFields(resource, live, wanted, context);
  if (!resource.custom) setDefaults(next);
  else customDefaults(next, resource.custom);
  if (countsGeneration(resource) && specChanged(resource, live, next)) {
    next.metadata.generation = (live.metadata.generation ?? 0) + 1;
  }
  if (resource.kind === 'Namespace' && context.subresource === undefined)
    admitUpdate(world, resource, live, next, context);
  validateUpdate(resource, live, next, context.subresource);
  if (resource.kind !== 'Namespace') admitUpdate(world, resource, live, next, context);
  if (!context.applied) {
    recordUpdate(live, next, typesOf(resource), writerOf(world, resource, context), hasStatus(resource));
  }
  if (same(withoutTimes(live), withoutTimes(next))) return live;
  if (context.dryRun) return next;
  if (isFinished(next)) {
    world.store.remove(storage, next);
    return next;
  }
  return world.store.put(storage, next);
}

/** Deleted, and nobody holds it back any more. */
function isFinished(object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  return (
    deletionTimestamp !== undefined &&
    finalizers.length === 0 &&
    deletionGracePeriodSeconds === 0 &&
    object.kind !== 'Namespace'
  );
}

function storageKey(resource: Resource): string {
  return resource.custom || (resource.group.includes('.') && !resource.group.endsWith('k8s.io'))
    ? `${resource.group}/${resource.plural}`
    : resource.plural;
}

/** What a client cannot change stays; what belongs to another subresource stays as well. */
function keepServerFields(
  resource: Resource,
  live: KubeObject,
  wanted: KubeObject,
  context: WriteContext,
): KubeObject {
  const next = copy(wanted);
  const meta = next.metadata;
  meta.name = live.metadata.name;
  if (live.metadata.namespace !== undefined) meta.namespace = live.metadata.namespace;
  meta.uid = live.metadata.uid;
  meta.resourceVersion = live.metadata.resourceVersion;
  meta.creationTimestamp = live.metadata.creationTimestamp;
  keep(meta, live.metadata, 'generation');
  keep(meta, live.metadata, 'deletionTimestamp');
  keep(meta, live.metadata, 'deletionGracePeriodSeconds');
  keep(meta, live.metadata, 'generateName');
  if (!context.applied) {
    // An empty list resets ownership; leaving the field out keeps it. That is the real server's rule.
    if (meta.managedFields === undefined || meta.managedFields.length > 0)
      keep(meta, live.metadata, 'managedFields');
    else delete meta.managedFields;
  }
  if (context.subresource === 'status') {
    const status = asJson(next).status;
    const kept = copy(live);
    if (status === undefined) delete asJson(kept).status;
    else asJson(kept).status = status;
    if (meta.managedFields) kept.metadata.managedFields = meta.managedFields;
    // Annotations may come with the status of a built-in kind: that is how controllers write revisions.
    if (!resource.custom) keep(kept.metadata, meta, 'annotations');
    dropEmptyMeta(kept);
    return kept;
  }
  if (hasStatus(resource) && context.subresource === undefined) {
    const json = asJson(next);
    const status = asJson(live).status;
    if (status === undefined) delete json.status;
    else json.status = copy(status);
  }
  dropEmptyMeta(next);
  return next;
}

function keep<K extends keyof KubeObject['metadata']>(
  to: KubeObject['metadata'],
  from: KubeObject['metadata'],
  key: K,
): void {
  if (from[key] === undefined) delete to[key];
  else to[key] = from[key];
}

function dropEmptyMeta(object: KubeObject): void {
  const meta = asJson(object.metadata);
  for (const key of ['labels', 'annotations', 'finalizers', 'ownerReferences', 'managedFields']) {
    const value = meta[key];
    if (value === null || (typeof value === 'object' && Object.keys(value).length === 0)) delete meta[key];
  }
  for (const key of ['generateName', 'selfLink']) if (meta[key] === '') delete meta[key];
}

function specChanged(resource: Resource, live: KubeObject, next: KubeObject): boolean {
  const content = (object: KubeObject) => {
    const { metadata: _, status, kind: __, apiVersion: ___, ...rest } = asJson(object);
    return resource.custom && !resource.custom.hasStatus ? { ...rest, status } : rest;
  };
  return !same(content(live), content(next));
}

/** For comparing: the same parts, not copied, but for the times at which managers wrote. */
function withoutTimes(object: KubeObject): JsonObject {
  const { managedFields } = object.metadata;
  if (!managedFields) return asJson(object);
  const owners = managedFields.map(({ time: _, ...entry }) => entry);
  return asJson({ ...object, metadata: { ...object.metadata, managedFields: owners } });
}

export function writerOf(world: ClusterWorld, resource: Resource, context: WriteContext): Writer {
  return {
    manager: context.manager,
    apiVersion: apiVersionOf(resource),
    time: timestamp(world.clock.now()),
    ...(context.subresource ? { subresource: context.subresource } : {}),
  };
}
