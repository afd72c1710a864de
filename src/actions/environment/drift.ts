/** What of an environment was changed by hand: named, not judged. */
import type { ReadContext } from '../../core/action.ts';
import type { Manifest } from '../../core/cluster.ts';
import { membersAnnotation } from '../../core/team-binding.ts';
import { listOf } from '../../core/text.ts';
import { appliedTo } from './applied.ts';
import type { LivingRecord } from './known.ts';
import { sleeperKinds } from './sleepers.ts';

export interface Drifted {
  readonly manifest: Manifest;
  readonly fields: readonly string[] | 'missing';
}

/** Nothing where nobody can tell. @throws ProblemError when the cluster does not answer. */
export async function driftOf(record: LivingRecord, context: ReadContext): Promise<readonly Drifted[]> {
  const applied = await appliedTo(record, context);
  if ('unknown' in applied) return [];
  const cluster = context.cluster(record.living.cluster);
  const all = await Promise.all(
    applied.manifests.map(async (manifest) => {
      const found = await cluster.differences(manifest);
      const fields =
        found === 'missing' ? found : found.filter((path) => !isOurs(path, found, manifest, record));
      return { manifest, fields };
    }),
  );
  return all.filter(({ fields }) => fields.length > 0);
}

/** "Deployment web: spec.replicas and spec.template.spec.containers[web].image". */
export function driftWords({ manifest, fields }: Drifted): string {
  const object = `${manifest.kind} ${manifest.metadata.name}`;
  if (fields === 'missing') return `${object}: it is gone`;
  const shown = fields.slice(0, fieldsShownMax);
  const more = fields.length - shown.length;
  return `${object}: ${listOf(more > 0 ? [...shown, `${more} more`] : shown)}`;
}

const fieldsShownMax = 4;

/** What we changed ourselves since, or are about to: whose it is, who is in that team, the numbers of what sleeps. */
function isOurs(path: string, all: readonly string[], { kind }: Manifest, { life }: LivingRecord): boolean {
  if (path.startsWith('metadata.labels.greenlight.dev/')) return true;
  if (path.startsWith('metadata.annotations.greenlight.dev/')) return true;
  if (path.startsWith('subjects[') && all.includes(`metadata.annotations.${membersAnnotation}`)) return true;
  const isNumber = path === 'spec.replicas' || path === 'spec.suspend';
  return isNumber && kind in sleeperKinds && life.sleep !== undefined;
}
