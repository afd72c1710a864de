/** How old what is shown of a cluster is, in words. */
import type { ReadContext } from '../../core/action.ts';
import { type ClusterView, type Freshness, viewerOf } from '../../core/cluster-view.ts';
import { formatDuration, secondMs } from '../../core/duration.ts';
import type { Moment } from '../../core/ids.ts';

/** One view for all of an answer: what it has learned of somebody's rights holds for the next part as well. */
const views = new WeakMap<ReadContext, Map<string, ClusterView>>();

/** With the eyes of whoever asks. @throws ProblemError for a cluster that the catalog does not name. */
export function viewOf(cluster: string, context: ReadContext): ClusterView {
  const open = views.get(context) ?? new Map<string, ClusterView>();
  views.set(context, open);
  const view =
    open.get(cluster) ?? context.cluster(cluster).view(viewerOf(context.requester, context.catalog));
  open.set(cluster, view);
  return view;
}

/** Of several clusters, that of the one which was heard of longest ago; nothing when none could be asked. */
export async function footnoteOf(
  clusters: readonly string[],
  context: ReadContext,
): Promise<{ footnote?: string }> {
  const all = await Promise.all(
    [...new Set(clusters)].map(async (name) => {
      const freshness = await viewOf(name, context)
        .freshness()
        .catch(() => undefined);
      return freshness ?? [];
    }),
  );
  const [oldest] = all.flat().sort((one, other) => one.asOf - other.asOf);
  return oldest === undefined
    ? {}
    : { footnote: freshnessWords(oldest, context.now, context.requester.timeZone ?? context.catalog.zone) };
}

/** Younger knowledge needs no warning, whatever goes on. */
const recentMs = 30 * secondMs;

/** "As of 3s ago.", or "The cluster sandbox refuses connections. It was last heard of 2m ago: this is as of 14:02." */
export function freshnessWords({ asOf, isLive, trouble }: Freshness, now: Moment, zone: string): string {
  const age = now - asOf;
  if (isLive || age < recentMs) return age < secondMs ? 'As of now.' : `As of ${formatDuration(age)} ago.`;
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  const why = trouble === undefined ? '' : `${trouble} `;
  return `${why}It has not answered for ${formatDuration(age)}: this is as of ${clock.format(asOf)}.`;
}
