/** Who owns which fields: read from and written to `metadata.managedFields`, after an apply or any other write. */
import { asJson, canonical, copy } from '../json.ts';
import { ApiError } from '../status.ts';
import type { JsonObject, KubeObject, ManagedFieldsEntry } from '../types.ts';
import {
  difference,
  emptySet,
  type FieldSet,
  fromFieldsV1,
  fromPaths,
  intersection,
  isEmpty,
  paths,
  pathText,
  toFieldsV1,
  touches,
  union,
} from './field-set.ts';
import { compare, fieldsOfValue, merge, removeFields, type Types } from './typed.ts';

/** Who writes, and how. */
export interface Writer {
  readonly manager: string;
  readonly apiVersion: string;
  readonly subresource?: string;
  /** RFC 3339. */
  readonly time: string;
}

interface Owner {
  readonly entry: ManagedFieldsEntry;
  fields: FieldSet;
}

/** Fields that the server keeps to itself: nobody owns them. */
const serverFields = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
  'generateName',
];

/** The part of an object that can be owned. `status` only through its own subresource, where there is one. */
function ownable(object: JsonObject, statusOnly: boolean | undefined): JsonObject {
  const { apiVersion: _, kind: __, metadata, status, ...rest } = object;
  const meta = Object.fromEntries(
    Object.entries((metadata ?? {}) as JsonObject).filter(([key]) => !serverFields.includes(key)),
  );
  const withMeta = Object.keys(meta).length > 0 ? { metadata: meta } : {};
  if (statusOnly === true) {
    // Labels and spec are not the status's to change; annotations are.
    const annotations = (meta as JsonObject).annotations;
    return {
      ...(annotations === undefined ? {} : { metadata: { annotations } }),
      ...(status === undefined ? {} : { status }),
    };
  }
  if (statusOnly === false) return { ...withMeta, ...rest };
  return { ...withMeta, ...rest, ...(status === undefined ? {} : { status }) };
}

function ownersOf(object: KubeObject): Owner[] {
  return (object.metadata.managedFields ?? []).map((entry) => ({
    entry,
    fields: fromFieldsV1(entry.fieldsV1),
  }));
}

function store(object: KubeObject, owners: readonly Owner[]): void {
  const kept = owners.filter((owner) => !isEmpty(owner.fields));
  const entries = kept.map((owner) => ({ ...owner.entry, fieldsV1: toFieldsV1(owner.fields) }));
  // The real server lists appliers before updaters, each by time.
  entries.sort(
    (a, b) =>
      rank(a) - rank(b) || compareText(a.time ?? '', b.time ?? '') || compareText(a.manager, b.manager),
  );
  if (entries.length > 0) object.metadata.managedFields = entries;
  else delete object.metadata.managedFields;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function rank(entry: ManagedFieldsEntry): number {
  return entry.operation === 'Apply' ? 0 : 1;
}

function isSame(entry: ManagedFieldsEntry, writer: Writer, operation: 'Apply' | 'Update'): boolean {
  return (
    entry.manager === writer.manager &&
    entry.operation === operation &&
    (entry.subresource ?? '') === (writer.subresource ?? '') &&
    (operation === 'Apply' || entry.apiVersion === writer.apiVersion)
  );
}

function newEntry(writer: Writer, operation: 'Apply' | 'Update'): ManagedFieldsEntry {
  return {
    manager: writer.manager,
    operation,
    apiVersion: writer.apiVersion,
    time: writer.time,
    fieldsType: 'FieldsV1',
    fieldsV1: {},
    ...(writer.subresource ? { subresource: writer.subresource } : {}),
  };
}

/**
 * Records a create, update or patch: the writer takes every field that it changed, from whoever had it.
 * @param hasStatus whether status is a subresource; then a plain write never owns it.
 */
export function recordUpdate(
  before: KubeObject | undefined,
  after: KubeObject,
  types: Types,
  writer: Writer,
  hasStatus: boolean,
): void {
  const statusOnly = hasStatus ? writer.subresource === 'status' : undefined;
  const left = before ? ownable(asJson(before), statusOnly) : {};
  const right = ownable(asJson(after), statusOnly);
  const { added, changed, removed } = compare(left, right, types);
  const taken = union(added, changed);
  const owners = ownersOf(after);
  if (isEmpty(taken) && isEmpty(removed)) {
    store(after, owners);
    return;
  }

  let own = owners.find((owner) => isSame(owner.entry, writer, 'Update'));
  for (const owner of owners) {
    const losing = owner === own ? removed : union(union(changed, added), removed);
    owner.fields = dropBelow(difference(owner.fields, losing), removed);
  }
  if (!own && !isEmpty(taken)) {
    own = { entry: newEntry(writer, 'Update'), fields: emptySet() };
    owners.push(own);
  }
  if (own) {
    own.fields = union(own.fields, taken);
    own.entry.time = writer.time;
    // On its way through the Scale kind the entry loses its time in the real server as well.
    if (writer.subresource === 'scale') delete own.entry.time;
  }
  store(after, owners);
}

/** What lies below a removed path is gone as well. */
function dropBelow(set: FieldSet, removed: FieldSet): FieldSet {
  const gone = paths(removed);
  return fromPaths(
    paths(set).filter((path) => !gone.some((prefix) => prefix.every((step, index) => path[index] === step))),
  );
}

/**
 * Server-side apply: merges what was sent, takes out what this manager applied before and does not send any more,
 * and refuses what somebody else owns with another value.
 * @returns the object to store, with its managedFields.
 * @throws ApiError 409 naming every other manager, unless `force`.
 */
export function applyFields(
  live: KubeObject | undefined,
  sent: KubeObject,
  types: Types,
  writer: Writer,
  force: boolean,
  hasStatus: boolean,
): KubeObject {
  const statusOnly = hasStatus ? writer.subresource === 'status' : undefined;
  const wanted = ownable(asJson(sent), statusOnly);
  const current = live ? ownable(asJson(live), undefined) : {};
  const wantedFields = fieldsOfValue(wanted, types);
  const owners = live ? ownersOf(live) : [];
  let own = owners.find((owner) => isSame(owner.entry, writer, 'Apply'));
  const others = owners.filter((owner) => owner !== own);

  const merged = merge(current, wanted, types);
  const { added, changed } = compare(current, merged, types);
  const touched = union(added, changed);
  const conflicts = others
    .map((owner) => ({ owner, fields: intersection(owner.fields, touched) }))
    .filter(({ fields }) => !isEmpty(fields));
  if (conflicts.length > 0 && !force) throw conflictError(conflicts);
  for (const { owner, fields } of conflicts) owner.fields = difference(owner.fields, fields);

  const dropped = own
    ? paths(difference(own.fields, wantedFields)).filter(
        (path) => !others.some((owner) => touches(owner.fields, path)),
      )
    : [];
  const result = removeFields(merged, fromPaths(dropped), types);

  if (!own) {
    own = { entry: newEntry(writer, 'Apply'), fields: emptySet() };
    owners.push(own);
  }
  const unchanged = canonical(toFieldsV1(own.fields)) === canonical(toFieldsV1(wantedFields));
  own.fields = wantedFields;
  const nothingNew = unchanged && live !== undefined && canonical(result) === canonical(current);
  if (!nothingNew) own.entry.time = writer.time;

  const base = live ? copy(live) : sent;
  const metadata = (result.metadata ?? {}) as JsonObject;
  const keptMeta = Object.fromEntries(
    Object.entries(asJson(base.metadata)).filter(([key]) => serverFields.includes(key)),
  );
  const out = {
    kind: base.kind,
    apiVersion: base.apiVersion,
    ...result,
    metadata: { ...keptMeta, ...metadata },
  } as unknown as KubeObject;
  store(out, owners);
  return out;
}

function conflictError(conflicts: { owner: Owner; fields: FieldSet }[]): ApiError {
  const lines = conflicts.map(({ owner, fields }) => ({
    who: `"${owner.entry.manager}"${owner.entry.subresource ? ` with subresource "${owner.entry.subresource}"` : ''}${
      owner.entry.operation === 'Apply' ? '' : ` using ${owner.entry.apiVersion}`
    }`,
    fields: paths(fields).map(pathText).sort(),
  }));
  const count = lines.reduce((sum, line) => sum + line.fields.length, 0);
  const text =
    count === 1
      ? lines.map((line) => `conflict with ${line.who}: ${line.fields[0]}`).join('')
      : lines
          .map(
            (line) => `conflicts with ${line.who}:\n${line.fields.map((field) => `- ${field}`).join('\n')}`,
          )
          .join('\n');
  return new ApiError(
    409,
    'Conflict',
    `Apply failed with ${count} conflict${count === 1 ? '' : 's'}: ${text}`,
    {
      causes: lines.flatMap((line) =>
        line.fields.map((field) => ({
          reason: 'FieldManagerConflict',
          message: `conflict with ${line.who}`,
          field,
        })),
      ),
    },
  );
}
