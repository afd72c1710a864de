/** One environment of a service as a part of its status: what runs, since when, who brought it, what complains. */
import type { AnswerSection, ReadContext } from '../../core/action.ts';
import type { Warning } from '../../core/cluster.ts';
import type { WorkloadView } from '../../core/cluster-view.ts';
import { formatDuration, hourMs } from '../../core/duration.ts';
import type { Moment } from '../../core/ids.ts';
import type { Service } from '../../core/service.ts';
import { healthWords, moodOf, warningWords } from '../workload/words.ts';
import { viewOf } from './freshness.ts';
import { lockLines } from './lock-line.ts';
import { deployWords, knownOf, type Look, lookAt } from './look.ts';
import { placeOf } from './place.ts';

/** Older warnings are history, not news. */
const warningsSince = hourMs;
const warningsShownMax = 3;

export interface CloserLook extends Look {
  readonly warnings: readonly Warning[];
  /** Who has it for themselves. */
  readonly locks: readonly string[];
}

export async function lookCloser(
  serviceName: string,
  service: Service,
  name: string,
  context: ReadContext,
): Promise<CloserLook> {
  const place = placeOf({ service: serviceName, environment: name }, context.catalog);
  const warningsOf = async () =>
    viewOf(place.cluster, context).warnings(place.namespace, 20, place.deployment);
  const [look, warnings, locks] = await Promise.all([
    lookAt(serviceName, service, name, context),
    // What is missing is said where the workload is.
    warningsOf().catch(() => []),
    lockLines(serviceName, name, context),
  ]);
  return { ...look, locks, warnings: warnings.filter((one) => context.now - one.lastAt < warningsSince) };
}

export function sectionOf(look: CloserLook, now: Moment): AnswerSection {
  const known = knownOf(look);
  const left = look.warnings.length - warningsShownMax;
  return {
    title: `${look.name}: ${healthWords(look.workload)}`,
    mood: moodOf(look.workload),
    fields: known
      ? [
          { label: 'Version', value: known.version },
          { label: 'Replicas', value: replicaWords(known, now) },
          { label: 'Restarts', value: restartWords(known, now) },
          { label: 'Last deploy', value: deployWords(look.last, now) },
        ]
      : [],
    lines: [
      ...look.locks,
      ...(known ? pauseLine(known, now) : []),
      ...(known?.troubles.slice(1) ?? []),
      ...look.warnings.slice(0, warningsShownMax).map((warning) => warningWords(warning, now)),
      ...(left > 0 ? [`and ${left} more kinds of warnings`] : []),
    ],
  };
}

/** `3 of 3 ready`; while a rollout goes on, how far it has come and since when. */
function replicaWords(workload: WorkloadView, now: Moment): string {
  const { ready, wanted, updated, isSettled, changedAt, pausedAt } = workload;
  const words = `${ready} of ${wanted} ready`;
  if (isSettled) return words;
  // A paused one has no new template yet whose age could be told.
  const isAged = changedAt !== undefined && pausedAt === undefined;
  return `${words}, ${updated} of ${wanted} new${isAged ? ` for ${formatDuration(now - changedAt)}` : ''}`;
}

function restartWords({ restarts, restartedAt }: WorkloadView, now: Moment): string {
  return restarts === 0 || restartedAt === undefined
    ? String(restarts)
    : `${restarts}, the last ${formatDuration(now - restartedAt)} ago`;
}

function pauseLine({ pausedAt }: WorkloadView, now: Moment): string[] {
  if (pausedAt === undefined) return [];
  const since = pausedAt === 0 ? '' : ` for ${formatDuration(now - pausedAt)}`;
  return [`Its rollout is paused${since}: what is deployed now waits until somebody resumes it.`];
}
