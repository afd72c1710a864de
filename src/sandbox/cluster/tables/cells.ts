/** Cells that many kinds share. */
import { at, isObject } from '../json.ts';
import type { Json, JsonObject } from '../types.ts';
import type { Column } from './columns.ts';

export const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description:
    'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
  cell: (object) => at(object, 'metadata', 'name') ?? '',
};

export const age: Column = {
  name: 'Age',
  type: 'string',
  description:
    'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
  cell: (object, now) => since(at(object, 'metadata', 'creationTimestamp'), now),
};

/** The time since a moment, as kubectl shortens it: 5s, 3m, 2h5m, 4d. */
export function since(moment: unknown, now: number): string {
  if (typeof moment !== 'string') return '<unknown>';
  const seconds = Math.max(0, Math.floor((now - Date.parse(moment)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return hours % 24 === 0 ? `${days}d` : `${days}d${hours % 24}h`;
  if (days < 730) return `${days}d`;
  return `${Math.floor(days / 365)}y${days % 365 === 0 ? '' : `${days % 365}d`}`;
}

export function column(
  name: string,
  description: string,
  cell: Column['cell'],
  more: Partial<Column> = {},
): Column {
  return { name, type: 'string', description, cell, ...more };
}

export const wide = { priority: 1 } as const;
export const number =
  (...path: string[]) =>
  (object: JsonObject): Json =>
    at(object, ...path) ?? 0;
export const text =
  (...path: string[]) =>
  (object: JsonObject): Json =>
    String(at(object, ...path) ?? '');
export const count = (value: Json | undefined): number =>
  Array.isArray(value) ? value.length : isObject(value) ? Object.keys(value).length : 0;
