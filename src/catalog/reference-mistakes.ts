/** Names in the catalog that lead nowhere: groups, clusters, zones, durations. */
import type { CatalogFile } from '../core/catalog.ts';
import { parseDuration } from '../core/duration.ts';
import { ringIn } from '../core/groups.ts';
import { unknownPlaceholders } from '../core/service-job.ts';
import { didYouMean } from '../core/text.ts';
import { timeZoneProblem } from '../core/time-zone.ts';
import type { Mistake } from '../documents/document.ts';
import type { Path, Positions } from '../documents/positions.ts';

/** What groups say of each other and of schedules. */
function groupMistakes(
  { groups, schedules = {}, onCallFrom = [] }: CatalogFile,
  positions: Positions,
): Mistake[] {
  const noSuch = (kind: string, name: string, known: readonly string[], path: Path): Mistake[] =>
    known.includes(name)
      ? []
      : [positions.at(path, `${path.join('.')}: there is no ${kind} "${name}".${didYouMean(name, known)}`)];
  const ring = ringIn(groups);
  const [first = ''] = ring;
  return [
    ...Object.entries(groups).flatMap(([name, { includes = [], onCall }]) => [
      ...includes.flatMap((one, index) =>
        noSuch('group', one, Object.keys(groups), ['groups', name, 'includes', index]),
      ),
      ...(onCall === undefined
        ? []
        : noSuch('schedule', onCall, Object.keys(schedules), ['groups', name, 'onCall'])),
    ]),
    ...onCallFrom.flatMap((one, index) =>
      noSuch('schedule', one, Object.keys(schedules), ['onCallFrom', index]),
    ),
    ...(ring.length === 0
      ? []
      : [
          positions.at(
            ['groups', first, 'includes'],
            `groups.${first}.includes: ${[...ring, first].join(' includes ')}, so nobody can say who is in them.`,
          ),
        ]),
  ];
}

/** Words that a policy uses for "those of the service" and "those of the target": no group may be called so. */
const reservedGroups = ['owners', 'team'];

export function referenceMistakes(catalog: CatalogFile, positions: Positions): Mistake[] {
  const groups = Object.keys(catalog.groups);
  const clusters = Object.keys(catalog.clusters);
  const services = Object.keys(catalog.services);
  // Ten thousand services may name as many others.
  const sets = new Map([groups, clusters, services].map((names) => [names, new Set(names)]));
  const unknown = (kind: string, name: string, known: string[], path: Path): Mistake[] =>
    sets.get(known)?.has(name)
      ? []
      : [positions.at(path, `${path.join('.')}: there is no ${kind} "${name}".${didYouMean(name, known)}`)];

  const zoneProblem = timeZoneProblem(catalog.zone);
  return [
    ...(zoneProblem === undefined ? [] : [positions.at(['zone'], `zone: ${zoneProblem}`)]),
    ...reservedGroups
      .filter((name) => groups.includes(name))
      .map((name) =>
        positions.atKey(
          ['groups', name],
          `groups.${name}: "${name}" has a meaning of its own in the policy.`,
        ),
      ),
    ...groupMistakes(catalog, positions),
    ...unknown('cluster', catalog.environments.cluster, clusters, ['environments', 'cluster']),
    ...catalog.environments.teams.flatMap((team, index) =>
      unknown('group', team, groups, ['environments', 'teams', index]),
    ),
    ...ttlMistakes(catalog, positions),
    ...lifeMistakes(catalog, positions),
    ...Object.entries(catalog.services).flatMap(([name, service]) => [
      ...service.owners.flatMap((owner, index) =>
        unknown('group', owner, groups, ['services', name, 'owners', index]),
      ),
      ...service.dependsOn.flatMap((other, index) =>
        unknown('service', other, services, ['services', name, 'dependsOn', index]),
      ),
      ...Object.entries(service.jobs).flatMap(([job, described]) =>
        unknownPlaceholders(described).map((path) =>
          positions.at(
            ['services', name, 'jobs', job],
            `services.${name}.jobs.${job}: there is no "${path}" to fill in.`,
          ),
        ),
      ),
      ...Object.entries(service.environments).flatMap(([environment, { cluster }]) =>
        unknown('cluster', cluster, clusters, ['services', name, 'environments', environment, 'cluster']),
      ),
    ]),
    ...Object.entries(catalog.workflows).flatMap(([name, workflow]) =>
      workflow.owners.flatMap((owner, index) =>
        unknown('group', owner, groups, ['workflows', name, 'owners', index]),
      ),
    ),
  ];
}

/** How long one is kept, and when they sleep. */
function lifeMistakes({ environments: { keep, sleep } }: CatalogFile, positions: Positions): Mistake[] {
  const at = (path: readonly string[], what: string): Mistake =>
    positions.at(['environments', ...path], `environments.${path.join('.')}: ${what}`);
  const zoneProblem = sleep?.zone === undefined ? undefined : timeZoneProblem(sleep.zone);
  return [
    ...(keep && !parseDuration(keep.for)
      ? [at(['keep', 'for'], `"${keep.for}" is not a time span like 30d.`)]
      : []),
    ...(zoneProblem === undefined ? [] : [at(['sleep', 'zone'], zoneProblem)]),
    ...(sleep && sleep.from === sleep.to
      ? [at(['sleep', 'to'], 'this is when the night begins, so it would never end.')]
      : []),
  ];
}

function ttlMistakes(catalog: CatalogFile, positions: Positions): Mistake[] {
  const { ttl } = catalog.environments;
  const path = ['environments', 'ttl'];
  const spans = { default: parseDuration(ttl.default), max: parseDuration(ttl.max) };
  const mistakes = (['default', 'max'] as const)
    .filter((name) => spans[name] === undefined || spans[name] === 0)
    .map((name) =>
      positions.at(
        [...path, name],
        `environments.ttl.${name}: "${ttl[name]}" is not a time span like 8h or 2d12h.`,
      ),
    );
  if (mistakes.length > 0 || Number(spans.default) <= Number(spans.max)) return mistakes;
  return [positions.at([...path, 'default'], 'environments.ttl.default: this is longer than max.')];
}
