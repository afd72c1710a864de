/** Everything that is no resource: versions, health, discovery and the OpenAPI documents. */
import { respond } from '../encode.ts';
import { apiVersionOf, type Registry } from '../registry.ts';
import { methodNotAllowed, unknownPath, unknownResource } from '../status.ts';
import type { JsonObject } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import { aggregatedDiscovery, apiGroup, groupVersions, resourceList } from './discovery.ts';
import { openApiV2, openApiV3, openApiV3Index } from './openapi.ts';

export function answerPath(world: ClusterWorld, request: Request, url: URL): Response {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
  const { registry } = world;
  const path = url.pathname.replace(/(.)\/$/, '$1');
  const parts = path.split('/').filter(Boolean);
  const json = (body: JsonObject) => respond(body, 200, 'json');
  if (path === '/version') return json(version);
  if (path === '/') return json({ paths: rootPaths(registry) });
  if (['healthz', 'livez', 'readyz'].includes(parts[0] ?? '')) return health(parts, url);
  if (path === '/openapi/v2') return json(openApiV2(registry));
  if (path === '/openapi/v3') return json(openApiV3Index(registry));
  if (path.startsWith('/openapi/v3/')) return openApiPart(registry, parts.slice(2));
  const aggregated = (request.headers.get('accept') ?? '').includes('as=APIGroupDiscoveryList');
  if (path === '/api' || path === '/apis') {
    if (aggregated)
      return aggregatedDiscovery(registry, path === '/api', request.headers.get('accept') ?? '');
    return json(
      path === '/api'
        ? {
            kind: 'APIVersions',
            versions: ['v1'],
            serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: url.host }],
          }
        : { kind: 'APIGroupList', apiVersion: 'v1', groups: groupVersions(registry).map(apiGroup) },
    );
  }
  if (parts[0] === 'api' && parts.length === 2 && parts[1] === 'v1')
    return json(resourceList(registry, '', 'v1'));
  if (parts[0] === 'apis' && parts.length === 2) {
    const found = groupVersions(registry).find((one) => one.name === parts[1]);
    if (!found) throw unknownPath();
    return json({ kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(found) });
  }
  if (parts[0] === 'apis' && parts.length === 3) {
    const [, group = '', groupVersion = ''] = parts;
    if (registry.hasVersion(group, groupVersion)) return json(resourceList(registry, group, groupVersion));
    throw registry.all().some((one) => one.group === group && !one.custom)
      ? unknownResource()
      : unknownPath();
  }
  throw unknownPath();
}

/** What the sandbox claims to be. */
export const version: JsonObject = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.13',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '2026-02-10T12:00:00Z',
  goVersion: 'go1.23.12',
  compiler: 'gc',
  platform: 'linux/amd64',
};

function rootPaths(registry: Registry): string[] {
  const versions = new Set(registry.all().map(apiVersionOf));
  const paths = [...versions].flatMap((one) =>
    one === 'v1' ? ['/api', '/api/v1'] : [`/apis/${one.split('/')[0]}`, `/apis/${one}`],
  );
  return [
    ...new Set([
      ...paths,
      '/apis',
      '/healthz',
      '/livez',
      '/openapi/v2',
      '/openapi/v3',
      '/readyz',
      '/version',
    ]),
  ].sort();
}

const checks = ['ping', 'log', 'etcd'];

function health(parts: readonly string[], url: URL): Response {
  const plain = (text: string) =>
    new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
  if (parts.length === 1) {
    if (!url.searchParams.has('verbose')) return plain('ok');
    return plain(`${checks.map((check) => `[+]${check} ok\n`).join('')}${parts[0]} check passed\n`);
  }
  if (parts.length === 2 && checks.includes(parts[1] ?? '')) return plain('ok');
  throw unknownPath();
}

function openApiPart(registry: Registry, parts: readonly string[]): Response {
  const isCore = parts[0] === 'api';
  const [group, groupVersion] = isCore ? ['', parts[1]] : [parts[1] ?? '', parts[2]];
  if (
    (!isCore && parts[0] !== 'apis') ||
    groupVersion === undefined ||
    !registry.hasVersion(group ?? '', groupVersion)
  ) {
    return new Response(null, { status: 404 });
  }
  return respond(openApiV3(registry, group ?? '', groupVersion), 200, 'json');
}
