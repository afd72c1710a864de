/** delete and deletecollection. */

import { deleteObject } from '../deletes.ts';
import { asJson } from '../json.ts';
import { deleteOptions } from '../options.ts';
import { type Resource, storageOf } from '../registry.ts';
import type { Json, JsonObject, KubeObject, UserInfo } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import { type Selection, selects } from './read.ts';

/** Kinds that answer a deletion with the object rather than a Status. Source: the registries of Kubernetes 1.32. */
const returnsObject = new Set(['Pod', 'Service', 'ServiceAccount', 'ResourceQuota', 'PersistentVolumeClaim']);

export interface DeleteRequest {
  readonly world: ClusterWorld;
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly user: UserInfo;
  readonly query: URLSearchParams;
  readonly body: Json | undefined;
  readonly warn: (text: string) => void;
}

/** The object, or a Status when it is gone at once. @throws ApiError 404, 409, 422 */
export function deleteOne(request: DeleteRequest, name: string): { body: JsonObject; object?: KubeObject } {
  const { world, resource, namespace, user } = request;
  const options = deleteOptions(request.query, request.body);
  const { object, gone } = deleteObject(world, resource, namespace, name, options, {
    user,
    manager: 'unknown',
    dryRun: options.dryRun,
  });
  if (resource.kind === 'Job' && options.propagationPolicy === undefined) {
    request.warn(
      'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
    );
  }
  if (!gone || (!resource.custom && returnsObject.has(resource.kind)))
    return { body: asJson(object), object };
  return {
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: {
        name,
        ...(resource.group === '' ? {} : { group: resource.group }),
        kind: resource.plural,
        uid: object.metadata.uid,
      },
    },
  };
}

/** Deletes what the selection covers; the list of what it was. */
export function deleteMany(request: DeleteRequest, selection: Selection): KubeObject[] {
  const { world, resource, namespace, user } = request;
  const options = deleteOptions(request.query, request.body);
  const found = world.store
    .list(storageOf(resource), namespace)
    .filter((object) => selects(selection, object));
  for (const object of found) {
    deleteObject(world, resource, object.metadata.namespace, object.metadata.name, options, {
      user,
      manager: 'unknown',
      dryRun: options.dryRun,
    });
  }
  return found;
}
