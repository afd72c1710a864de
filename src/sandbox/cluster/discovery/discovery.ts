/** Discovery: which groups, versions and resources there are, in the old and the aggregated form. */
import { apiVersionOf, type Registry, type Resource } from '../registry.ts';
import type { JsonObject } from '../types.ts';

export interface Group {
  readonly name: string;
  readonly versions: readonly string[];
}

/** Every group but the core one, in the order of the registry. */
export function groupVersions(registry: Registry): Group[] {
  const groups = new Map<string, Set<string>>();
  for (const { group, version } of registry.all()) {
    if (group === '') continue;
    groups.set(group, (groups.get(group) ?? new Set()).add(version));
  }
  return [...groups].map(([name, versions]) => ({ name, versions: [...versions] }));
}

export function apiGroup({ name, versions }: Group): JsonObject {
  const listed = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: listed, ...(listed[0] ? { preferredVersion: { ...listed[0] } } : {}) };
}

export function resourceList(registry: Registry, group: string, version: string): JsonObject {
  const resources = registry.all().filter((one) => one.group === group && one.version === version);
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: resources.flatMap(entries),
  };
}

function entries(resource: Resource): JsonObject[] {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories } = resource;
  const main: JsonObject = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: [...verbs],
    ...(shortNames.length > 0 ? { shortNames: [...shortNames] } : {}),
    ...(categories.length > 0 ? { categories: [...categories] } : {}),
    ...(verbs.includes('get')
      ? {
          storageVersionHash: Buffer.from(`${apiVersionOf(resource)}/${kind}`)
            .toString('base64')
            .slice(0, 12),
        }
      : {}),
  };
  const subs = resource.subresources.map(
    (sub): JsonObject => ({
      name: `${plural}/${sub.name}`,
      singularName: '',
      namespaced,
      ...(sub.group ? { group: sub.group, version: sub.version ?? 'v1' } : {}),
      kind: sub.kind,
      verbs: [...sub.verbs],
    }),
  );
  return [main, ...subs];
}

/** `g=apidiscovery.k8s.io;as=APIGroupDiscoveryList`: all of it in one answer. */
export function aggregatedDiscovery(registry: Registry, core: boolean, accept: string): Response {
  const version = accept.includes('v=v2beta1') && !accept.includes('v=v2;') ? 'v2beta1' : 'v2';
  const groups: Group[] = core ? [{ name: '', versions: ['v1'] }] : groupVersions(registry);
  const body: JsonObject = {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((group) => ({
      metadata: { ...(group.name === '' ? {} : { name: group.name }), creationTimestamp: null },
      versions: group.versions.map((one) => ({
        version: one,
        resources: registry
          .all()
          .filter((resource) => resource.group === group.name && resource.version === one)
          .map(discovered),
        freshness: 'Current',
      })),
    })),
  };
  return new Response(JSON.stringify(body), {
    headers: {
      'content-type': `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
      'cache-control': 'public',
      vary: 'Accept',
    },
  });
}

function discovered(resource: Resource): JsonObject {
  const own = resource.custom
    ? { group: resource.group, version: resource.version }
    : { group: '', version: '' };
  return {
    resource: resource.plural,
    responseKind: { ...own, kind: resource.kind },
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: [...resource.verbs],
    ...(resource.shortNames.length > 0 ? { shortNames: [...resource.shortNames] } : {}),
    ...(resource.categories.length > 0 ? { categories: [...resource.categories] } : {}),
    ...(resource.subresources.length > 0
      ? {
          subresources: resource.subresources.map((sub) => ({
            subresource: sub.name,
            responseKind: { group: sub.group ?? '', version: sub.version ?? '', kind: sub.kind },
            verbs: [...sub.verbs],
          })),
        }
      : {}),
  };
}
