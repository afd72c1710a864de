/**
 * Whoever has left a team loses its rights in environments, and whoever came gets them. The one thing that is changed
 * outside without a request: nobody asks for the rights of somebody who is gone, and the catalog has said it already.
 */
import type { Catalog } from '../core/catalog.ts';
import type { Cluster, Manifest } from '../core/cluster.ts';
import { namespaceLabels } from '../core/compare-environments.ts';
import type { EnvironmentRecord } from '../core/environment-record.ts';
import type { Log } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import { boundTo, membersAnnotation, teamBindingRef } from '../core/team-binding.ts';

/**
 * `name`: of the cluster; the catalog: as it is in force. What somebody changed by hand stays: `/env show` tells it,
 * `/env repair` takes it back.
 */
export async function followMembers(
  name: string,
  cluster: Cluster,
  records: readonly EnvironmentRecord[],
  { groups, unknownGroups = {} }: Catalog,
  log: Log,
): Promise<void> {
  const { apiVersion, kind } = teamBindingRef('');
  const found = await cluster.list({ apiVersion, kind, labels: namespaceLabels });
  for (const { living, team } of records) {
    const members = groups[team]?.members;
    if (living?.cluster !== name || !members) continue;
    // Whoever is missing from it may be in it: that nobody can tell takes no rights away.
    if (team in unknownGroups) continue;
    const ref = teamBindingRef(living.namespace);
    const binding = found.find(
      ({ metadata }) => metadata.namespace === ref.namespace && metadata.name === ref.name,
    );
    // Of another team: it is being handed over at this moment.
    if (!binding || binding.metadata.labels?.['greenlight.dev/team'] !== team) continue;
    const { annotations, subjects } = boundTo(members);
    if (binding.metadata.annotations?.[membersAnnotation] === annotations[membersAnnotation]) continue;
    try {
      // Only if it is as it was looked at.
      const metadata = { annotations, resourceVersion: versionOf(binding) };
      await cluster.merge(ref, { metadata, subjects });
      log.info(
        { namespace: living.namespace, team },
        'the rights in an environment follow the members of its team',
      );
    } catch (error) {
      log.warn(
        { problem: problemFrom(error) },
        `the rights in ${living.namespace} could not be brought up to date`,
      );
    }
  }
}

function versionOf({ metadata }: Manifest): unknown {
  return 'resourceVersion' in metadata ? metadata.resourceVersion : undefined;
}
