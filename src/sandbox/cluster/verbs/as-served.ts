/** Objects that two groups serve: a core Event seen as an events.k8s.io one, and back. */
import { asJson, asObject, copy } from '../json.ts';
import type { Resource } from '../registry.ts';
import type { JsonObject, KubeObject } from '../types.ts';

const renamed = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
] as const;

export function asServed(resource: Resource, object: KubeObject): KubeObject {
  if (resource.group !== 'events.k8s.io') return object;
  return rename(object, 'events.k8s.io/v1', ([from, to]) => [from, to]);
}

/** The stored form of what this resource was sent. */
export function asStored(resource: Resource, object: KubeObject): KubeObject {
  if (resource.group !== 'events.k8s.io') return object;
  return rename(object, 'v1', ([to, from]) => [from, to]);
}

function rename(
  object: KubeObject,
  apiVersion: string,
  direction: (pair: readonly [string, string]) => readonly [string, string],
): KubeObject {
  const out: JsonObject = { ...asJson(copy(object)), apiVersion };
  for (const pair of renamed) {
    const [from, to] = direction(pair);
    if (out[from] === undefined) continue;
    out[to] = out[from];
    delete out[from];
  }
  return asObject(out);
}
