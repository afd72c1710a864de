/**
 * Services and groups out of Backstage's `catalog-info.yaml` files: Components, Groups and Users; what else there is
 * (APIs, Systems, Resources, Locations, Templates) has no place in our catalog and is not missed.
 * Format: https://backstage.io/docs/features/software-catalog/descriptor-format
 */
import type { Source } from '../../documents/document.ts';
import { type Entity, readEntities, type User } from './entities.ts';
import { type Found, type FoundGroup, type FoundService, type LeftOut, nameOf } from './found.ts';
import { parseRef, refKey } from './reference.ts';
import { repositoryOf } from './repository.ts';

export interface BackstageOptions {
  /** Whose repositories those without an annotation are (`acme` -> `acme/<name>`); left out when not given. */
  readonly organisation?: string;
}

export function readBackstage(sources: readonly Source[], options: BackstageOptions = {}): Found {
  const { entities, left } = readEntities(sources);
  const groups = groupsIn(entities, left);
  const services: Record<string, FoundService> = {};
  for (const entity of entities) {
    if (entity.kind !== 'Component') continue;
    const name = freeName(entity, services);
    const service =
      name === undefined ? 'its name holds no letter or digit' : serviceOf(entity, groups, options);
    if (name === undefined || typeof service === 'string') {
      left.push({ what: whatOf(entity), why: String(service) });
      continue;
    }
    services[name] = service;
  }
  return { services: onlyKnownNeeds(services), groups: groups.found, left };
}

interface Groups {
  readonly found: Record<string, FoundGroup>;
  /** Our name of a group by its reference. */
  readonly names: ReadonlyMap<string, string>;
}

function groupsIn(entities: readonly Entity[], left: LeftOut[]): Groups {
  const found: Record<string, FoundGroup> = {};
  const names = new Map<string, string>();
  const users = entities.filter((entity): entity is User => entity.kind === 'User');
  for (const entity of entities) {
    if (entity.kind !== 'Group') continue;
    const name = freeName(entity, found);
    if (name === undefined) {
      left.push({ what: whatOf(entity), why: 'its name holds no letter or digit' });
      continue;
    }
    const key = refKey({ kind: 'group', ...entity.metadata });
    names.set(key, name);
    found[name] = {
      title: titleOf(entity, entity.spec.profile?.displayName),
      members: membersOf(entity, key, users),
    };
  }
  return { found, names };
}

/** Those who name the group, and those whom it names. */
function membersOf(group: Extract<Entity, { kind: 'Group' }>, key: string, users: readonly User[]): string[] {
  const { namespace } = group.metadata;
  const named = new Set(group.spec.members.map((member) => refKey(parseRef(member, 'user', namespace))));
  const emails = users
    .filter(
      (user) =>
        named.has(refKey({ kind: 'user', ...user.metadata })) ||
        user.spec.memberOf.some((one) => refKey(parseRef(one, 'group', user.metadata.namespace)) === key),
    )
    .flatMap((user) => user.spec.profile?.email ?? []);
  return [...new Set(emails.map((email) => email.toLowerCase()))].sort();
}

/** A sentence when it cannot become a service of ours. */
function serviceOf(
  entity: Extract<Entity, { kind: 'Component' }>,
  groups: Groups,
  options: BackstageOptions,
): FoundService | string {
  const { metadata, spec } = entity;
  const owner = parseRef(spec.owner, 'group', metadata.namespace);
  if (owner.kind !== 'group') return `it is owned by the ${owner.kind} ${owner.name}: name a group`;
  const owners = [groups.names.get(refKey(owner)) ?? nameOf(owner.name) ?? ''];
  if (owners[0] === '') return `its owner "${spec.owner}" cannot be read`;
  const repository = repositoryOf(metadata, options.organisation);
  if (repository === undefined) {
    return 'nothing says where its code is: give it the annotation github.com/project-slug, or import with --organisation';
  }
  const dependsOn = spec.dependsOn
    .map((one) => parseRef(one, 'component', metadata.namespace))
    .flatMap((one) => (one.kind === 'component' ? (nameOf(one.name) ?? []) : []));
  const lifecycle = lifecycleOf(spec.lifecycle);
  return {
    title: titleOf(entity),
    ...(metadata.description === undefined ? {} : { description: metadata.description.slice(0, 500) }),
    ...(lifecycle === undefined ? {} : { lifecycle }),
    ...(metadata.tags.length > 0 ? { tags: metadata.tags } : {}),
    ...(dependsOn.length > 0 ? { dependsOn } : {}),
    ...(metadata.links.length > 0
      ? { links: metadata.links.map(({ title, url }) => ({ title: (title ?? url).slice(0, 75), url })) }
      : {}),
    owners,
    repository,
    environments: {},
  };
}

/** Two namespaces may each have one of that name: the second is called by both. */
function freeName({ metadata }: Entity, taken: Readonly<Record<string, unknown>>): string | undefined {
  const plain = nameOf(metadata.name);
  if (plain === undefined || !Object.hasOwn(taken, plain)) return plain;
  const full = nameOf(`${metadata.namespace}-${metadata.name}`);
  return full !== undefined && !Object.hasOwn(taken, full) ? full : undefined;
}

function titleOf({ metadata }: Entity, displayName?: string): string {
  return (displayName ?? metadata.title ?? metadata.name).slice(0, 75);
}

function lifecycleOf(text: string): FoundService['lifecycle'] {
  return (['experimental', 'production', 'deprecated'] as const).find((one) => one === text.toLowerCase());
}

/** What it needs and nobody imported (a database, another company's API) would be a name that leads nowhere. */
function onlyKnownNeeds(services: Readonly<Record<string, FoundService>>): Record<string, FoundService> {
  return Object.fromEntries(
    Object.entries(services).map(([name, { dependsOn, ...service }]) => {
      const known = dependsOn?.filter((one) => Object.hasOwn(services, one)) ?? [];
      return [name, known.length > 0 ? { ...service, dependsOn: known } : service];
    }),
  );
}

function whatOf({ kind, metadata, file }: Entity): string {
  return `${kind} ${metadata.name} (${file})`;
}
