/** Validation: everything that is wrong with an object, at once, in the words of the real server. */
import { validateCustom } from '../custom/validate.ts';
import { asJson, same } from '../json.ts';
import type { Resource } from '../registry.ts';
import { type Fault, forbiddenField, invalid, invalidValue } from '../status.ts';
import type { KubeObject } from '../types.ts';
import { finalizerFaults, labelFaults, nameFaults } from './names.ts';
import { kindFaults, kindUpdateFaults } from './validate-kinds.ts';

/** @throws ApiError 422 */
export function validateCreate(resource: Resource, object: KubeObject): void {
  const faults = [
    ...metadataFaults(resource, object),
    ...(resource.custom ? validateCustom(resource.custom, object) : kindFaults(object)),
  ];
  if (faults.length > 0) throw invalid(resource, object.metadata.name, faults);
}

/** @throws ApiError 422 */
export function validateUpdate(
  resource: Resource,
  live: KubeObject,
  next: KubeObject,
  subresource: string | undefined,
): void {
  const faults = [...metadataFaults(resource, next), ...finalizerUpdateFaults(live, next)];
  if (resource.custom) faults.push(...validateCustom(resource.custom, next, live));
  else if (subresource === undefined) faults.push(...kindFaults(next), ...kindUpdateFaults(live, next));
  if (faults.length > 0) throw invalid(resource, next.metadata.name, faults);
}

function metadataFaults(resource: Resource, object: KubeObject): Fault[] {
  const { name, labels = {}, finalizers = [] } = object.metadata;
  return [
    // A custom kind may share its name with a built-in one (Knative has a Service); its rules it does not share.
    ...nameFaults(resource.custom ? '' : resource.kind, name),
    ...labelFaults(labels, 'metadata.labels'),
    ...finalizerFaults(finalizers, resource.custom !== undefined),
  ];
}

/** The real server finds this fault twice (generic and by kind), and both stand among the causes. */
function finalizerUpdateFaults(live: KubeObject, next: KubeObject): Fault[] {
  if (live.metadata.deletionTimestamp === undefined) return [];
  const added = (next.metadata.finalizers ?? []).filter((one) => !live.metadata.finalizers?.includes(one));
  if (added.length === 0) return [];
  const dump = `[]string{${added.map((one) => JSON.stringify(one)).join(', ')}}`;
  const fault = forbiddenField(
    'metadata.finalizers',
    `no new finalizers can be added if the object is being deleted, found new finalizers ${dump}`,
  );
  return [fault, fault];
}

/** @throws ApiError 422 when a patch or update tries to change the identity of an object. */
export function checkIdentity(resource: Resource, live: KubeObject, uid: string | undefined): void {
  if (uid === undefined || uid === '' || same(uid, asJson(live.metadata).uid)) return;
  const fault = invalidValue('metadata.uid', uid, 'field is immutable');
  throw invalid(resource, live.metadata.name, [fault, fault]);
}
