/** What a path means: which resource, object and subresource, and the verb that access control sees. */

export interface ResourceRequest {
  readonly is: 'resource';
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  readonly isWatch: boolean;
}

export interface PathRequest {
  readonly is: 'path';
  readonly verb: string;
  readonly path: string;
}

export type RequestInfo = ResourceRequest | PathRequest;

/** Subresources of a Namespace; anything else below one is a resource in it. */
const namespaceSubresources = new Set(['status', 'finalize']);

export function parseRequest(method: string, url: URL): RequestInfo {
  const path = url.pathname;
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
  const asPath: PathRequest = { is: 'path', verb: method.toLowerCase(), path };
  const isCore = parts[0] === 'api';
  if (!isCore && parts[0] !== 'apis') return asPath;
  const rest = parts.slice(isCore ? 2 : 3);
  const group = isCore ? '' : (parts[1] ?? '');
  const version = (isCore ? parts[1] : parts[2]) ?? '';
  const oldWatch = rest[0] === 'watch';
  const steps = oldWatch ? rest.slice(1) : rest;
  if (steps.length === 0) return asPath;

  let namespace: string | undefined;
  let target = steps;
  if (steps[0] === 'namespaces' && steps.length > 2 && !namespaceSubresources.has(steps[2] ?? '')) {
    namespace = steps[1];
    target = steps.slice(2);
  }
  const [plural = '', name, subresource] = target;
  // A Namespace itself counts as being in its own namespace.
  if (plural === 'namespaces' && group === '' && name !== undefined) namespace = name;
  const isWatch = method === 'GET' && (oldWatch || isTrue(url.searchParams.get('watch')));
  return {
    is: 'resource',
    verb: verbOf(method, name !== undefined, isWatch),
    group,
    version,
    plural,
    isWatch,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

export function isTrue(value: string | null): boolean {
  return value === '1' || value === 'true' || value === '';
}

function verbOf(method: string, named: boolean, isWatch: boolean): string {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return isWatch ? 'watch' : named ? 'get' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return named ? 'delete' : 'deletecollection';
    default:
      return method.toLowerCase();
  }
}
