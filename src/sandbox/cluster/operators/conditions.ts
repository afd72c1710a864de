/** Conditions as operators write them: the time moves only when the status does. */
import { asJson, at, isObject } from '../json.ts';
import type { JsonObject, KubeObject } from '../types.ts';

export type Wanted = readonly [
  type: string,
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message?: string,
];

export function conditionsOf(object: KubeObject, now: string, wanted: readonly Wanted[]): JsonObject[] {
  const known = at(asJson(object), 'status', 'conditions');
  const before = (Array.isArray(known) ? known : []).filter(isObject);
  return wanted.map(([type, status, reason, message]) => {
    const former = before.find((one) => one.type === type && one.status === status);
    return {
      type,
      status,
      reason,
      ...(message === undefined ? {} : { message }),
      lastTransitionTime: former?.lastTransitionTime ?? now,
      observedGeneration: object.metadata.generation ?? 1,
    };
  });
}
