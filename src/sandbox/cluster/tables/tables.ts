/** Tables for people (`kubectl get`): columns and cells per kind. */

import { partial } from '../encode.ts';
import { asJson } from '../json.ts';
import type { Resource } from '../registry.ts';
import type { JsonObject, KubeObject } from '../types.ts';
import { columnsOf } from './columns.ts';

export function toTable(
  resource: Resource,
  objects: readonly KubeObject[],
  metadata: JsonObject,
  now: number,
  includeObject: string | null,
): JsonObject {
  const columns = columnsOf(resource);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(({ name, type, format = '', description, priority = 0 }) => ({
      name,
      type,
      format,
      description,
      priority,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(asJson(object), now)),
      object: includeObject === 'None' ? null : includeObject === 'Object' ? asJson(object) : partial(object),
    })),
  };
}
