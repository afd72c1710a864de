/** get and list, with chunks, selectors and the versions that a client may ask for. */
import { forgetOldEvents } from '../controllers/events.ts';
import { asJson } from '../json.ts';
import type { ListOptions } from '../options.ts';
import { type Resource, storageOf } from '../registry.ts';
import { type FieldTest, type LabelTest, parseFieldSelector, parseLabelSelector } from '../selectors.ts';
import { ApiError, badRequest, expired, notFound } from '../status.ts';
import type { JsonObject, KubeObject } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import { aboutOf } from '../writes.ts';
import { asServed } from './as-served.ts';

/** @throws ApiError 404 */
export function getObject(
  world: ClusterWorld,
  resource: Resource,
  namespace: string | undefined,
  name: string,
): KubeObject {
  const object = world.store.get(storageOf(resource), namespace, name);
  if (!object) throw notFound(aboutOf(resource, name));
  return asServed(resource, object);
}

export interface Selection {
  readonly labels: LabelTest;
  readonly fields: FieldTest;
  readonly isWhole: boolean;
}

/** @throws ApiError 400 */
export function selectionOf(resource: Resource, query: URLSearchParams, name: string | undefined): Selection {
  const labels = query.get('labelSelector') ?? '';
  const fields = [query.get('fieldSelector') ?? '', name === undefined ? '' : `metadata.name=${name}`]
    .filter(Boolean)
    .join(',');
  return {
    labels: parseLabelSelector(labels),
    fields: parseFieldSelector(fields, storageOf(resource), resource.custom !== undefined),
    isWhole: labels === '' && fields === '',
  };
}

export function selects(selection: Selection, object: KubeObject): boolean {
  return selection.labels(object.metadata.labels) && selection.fields(asJson(object));
}

export interface Page {
  readonly items: readonly KubeObject[];
  readonly metadata: JsonObject;
}

interface Token {
  readonly v: 'meta.k8s.io/v1';
  readonly rv: number;
  /** The key after which the next chunk starts. */
  readonly start: string;
}

/** @throws ApiError 400 for a token that is none, 410 for one whose revision is forgotten, 504 for a future version. */
export function listObjects(
  world: ClusterWorld,
  resource: Resource,
  namespace: string | undefined,
  selection: Selection,
  options: ListOptions,
): Page {
  const { store } = world;
  const token = options.continueToken === undefined ? undefined : readToken(options.continueToken);
  if (token && token.rv > 0 && token.rv < store.compactedAt()) throw tooOldToContinue(token);
  checkVersion(world, options);
  if (storageOf(resource) === '/events') forgetOldEvents(world);
  const all = store.list(storageOf(resource), namespace, (object) => selects(selection, object));
  const from = token ? all.filter((object) => keyOf(object) > token.start) : all;
  const items = options.limit > 0 ? from.slice(0, options.limit) : from;
  const last = items.at(-1);
  const left = from.length - items.length;
  return {
    items: items.map((item) => asServed(resource, item)),
    metadata: {
      resourceVersion: String(token && token.rv > 0 ? token.rv : store.revision()),
      ...(left > 0 && last
        ? {
            continue: writeToken({
              v: 'meta.k8s.io/v1',
              rv: token?.rv || store.revision(),
              start: keyOf(last),
            }),
            ...(selection.isWhole ? { remainingItemCount: left } : {}),
          }
        : {}),
    },
  };
}

function checkVersion(world: ClusterWorld, { resourceVersion, match }: ListOptions): void {
  const { store } = world;
  if (resourceVersion === undefined || resourceVersion === 0) return;
  if (resourceVersion > store.revision()) {
    throw new ApiError(
      504,
      'Timeout',
      `Timeout: Too large resource version: ${resourceVersion}, current: ${store.revision()}`,
      {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      },
    );
  }
  if (match === 'Exact' && resourceVersion < store.compactedAt())
    throw expired('The resourceVersion for the provided list is too old.');
}

function keyOf(object: KubeObject): string {
  return object.metadata.namespace === undefined
    ? object.metadata.name
    : `${object.metadata.namespace}/${object.metadata.name}`;
}

function writeToken(token: Token): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function readToken(text: string): Token {
  const decoded = Buffer.from(text, 'base64url');
  try {
    return JSON.parse(decoded.toString()) as Token;
  } catch {
    const first = decoded[0] ?? 0;
    const shown =
      first < 0x20 || first > 0x7e
        ? `\\u00${first.toString(16).padStart(2, '0')}`
        : String.fromCharCode(first);
    throw badRequest(
      `invalid continue token: continue key is not valid: invalid character '${shown}' looking for beginning of value`,
    );
  }
}

function tooOldToContinue(token: Token): ApiError {
  const error = expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  );
  error.body.metadata = { continue: writeToken({ ...token, rv: -1 }) };
  return error;
}
