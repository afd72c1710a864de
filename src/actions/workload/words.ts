/** How a workload is, in words. */
import type { Mood } from '../../core/action.ts';
import type { Warning, Workload } from '../../core/cluster.ts';
import { formatDuration } from '../../core/duration.ts';
import type { Moment } from '../../core/ids.ts';
import { problemFrom } from '../../core/problem.ts';

/** `undefined`: there is none. `unknown`: why it could not be seen. */
export type SeenWorkload<Seen extends Workload = Workload> = Seen | undefined | { readonly unknown: string };

/** Half an answer beats none: what could not be seen is said where it would stand. */
export function seen<Seen extends Workload>(look: Promise<Seen | undefined>): Promise<SeenWorkload<Seen>> {
  return look.catch((error: unknown) => ({ unknown: problemFrom(error).sentence }));
}

export function moodOf(workload: SeenWorkload): Mood {
  if (workload === undefined) return 'bad';
  if ('unknown' in workload) return 'unknown';
  if (workload.isSettled && workload.troubles.length === 0) return 'good';
  return workload.troubles.length > 0 ? 'bad' : 'busy';
}

export function healthWords(workload: SeenWorkload): string {
  if (workload === undefined) return 'nothing runs there';
  if ('unknown' in workload) return `cannot be told: ${workload.unknown}`;
  const trouble = workload.troubles[0];
  if (trouble !== undefined) return trouble;
  return workload.isSettled ? 'healthy' : `rolling out, ${workload.ready} of ${workload.wanted} ready`;
}

export function warningWords(warning: Warning, now: Moment): string {
  const times = warning.count > 1 ? ` ×${warning.count}` : '';
  return `${formatDuration(now - warning.lastAt)} ago${times}: ${warning.reason} on ${warning.object}: ${warning.message}`;
}
