/** How an answer is written: JSON, YAML, a table for people, or metadata alone, as the Accept header asks. */
import { stringify } from 'yaml';
import { asJson } from './json.ts';
import type { Resource } from './registry.ts';
import { ApiError } from './status.ts';
import { toTable } from './tables/tables.ts';
import type { JsonObject, KubeObject } from './types.ts';

export interface Accepted {
  readonly form: 'json' | 'yaml';
  readonly as: 'object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
}

const served = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

/** @throws ApiError 406 when nothing that was asked for can be served. */
export function negotiate(accept: string | null): Accepted {
  let unknownTransform = false;
  for (const clause of (accept || '*/*').split(',')) {
    const [type = '', ...parameters] = clause.split(';').map((part) => part.trim());
    const given = new Map(parameters.map((part) => part.split('=') as [string, string]));
    const form = type === 'application/yaml' ? 'yaml' : 'json';
    if (!['application/json', 'application/yaml', '*/*', 'application/*'].includes(type)) continue;
    const as = given.get('as');
    if (as === undefined) return { form, as: 'object' };
    const known = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'].includes(as);
    if (known && given.get('g') === 'meta.k8s.io' && given.get('v') === 'v1')
      return { form, as: as as 'Table' };
    if (as === 'APIGroupDiscoveryList') return { form, as: 'object' };
    unknownTransform = true;
  }
  throw new ApiError(
    406,
    'NotAcceptable',
    unknownTransform
      ? `only the following media types are accepted: ${served}`
      : `406: Not Acceptable\n\nAvailable representations: ${served}`,
    unknownTransform ? undefined : {},
  );
}

export interface Rendering {
  readonly accepted: Accepted;
  readonly resource: Resource;
  readonly now: number;
  /** `includeObject` of a table request. */
  readonly includeObject: string | null;
}

/** One object in the form that was asked for. @throws ApiError 406 */
export function renderObject(
  object: KubeObject,
  { accepted, resource, now, includeObject }: Rendering,
): JsonObject {
  if (accepted.as === 'Table') {
    return toTable(
      resource,
      [object],
      { resourceVersion: object.metadata.resourceVersion },
      now,
      includeObject,
    );
  }
  if (accepted.as === 'PartialObjectMetadata') return partial(object);
  if (accepted.as === 'PartialObjectMetadataList') {
    throw new ApiError(
      406,
      'NotAcceptable',
      `you requested PartialObjectMetadataList, but the requested object is not a list (*core.${resource.kind})`,
    );
  }
  return asJson(object);
}

/** @throws ApiError 406 when a list cannot take this form. */
export function renderList(
  items: readonly KubeObject[],
  metadata: JsonObject,
  { accepted, resource, now, includeObject }: Rendering,
): JsonObject {
  if (accepted.as === 'Table') return toTable(resource, items, metadata, now, includeObject);
  if (accepted.as === 'PartialObjectMetadata') {
    throw new ApiError(
      406,
      'NotAcceptable',
      `you requested PartialObjectMetadata, but the requested object is a list (*core.${resource.kind}List)`,
    );
  }
  if (accepted.as === 'PartialObjectMetadataList') {
    return {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      items: items.map((item) => ({ ...partial(item) })),
    };
  }
  const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
  const listed = items.map((item): JsonObject => {
    if (resource.custom) return asJson(item);
    // Items of built-in lists do not repeat their type.
    const { kind: _, apiVersion: __, ...rest } = asJson(item);
    return rest;
  });
  // Custom lists always say where they continue, even when they do not.
  const shown = resource.custom ? { continue: '', ...metadata } : metadata;
  return { kind: `${resource.kind}List`, apiVersion, metadata: shown, items: listed };
}

export function partial(object: KubeObject): JsonObject {
  return {
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: asJson(object.metadata),
  };
}

export function respond(
  body: JsonObject,
  status: number,
  form: 'json' | 'yaml',
  headers: Headers = new Headers(),
): Response {
  headers.set('cache-control', 'no-cache, private');
  headers.set('content-type', form === 'yaml' ? 'application/yaml' : 'application/json');
  const text =
    form === 'yaml' ? stringify(body, { sortMapEntries: true, lineWidth: 0 }) : `${JSON.stringify(body)}\n`;
  return new Response(text, { status, headers });
}
