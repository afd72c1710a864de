/** The way back that the cluster itself remembers, for a service that GitHub has no record of. */
import type { Preview, ReadContext } from '../../core/action.ts';
import { formatDuration } from '../../core/duration.ts';
import { placeOf, placeText } from '../service/place.ts';

/** `undefined` when the cluster keeps nothing else than what runs now. */
export async function previewRevision(
  asked: { readonly service: string; readonly environment: string },
  context: ReadContext,
): Promise<Preview | undefined> {
  const { cluster, namespace, deployment } = placeOf(asked, context.catalog);
  const [now, ...before] = await context.cluster(cluster).revisions(namespace, deployment);
  const former = before.find((one) => one.image !== now?.image);
  if (!now || !former) return undefined;
  return {
    sentence: `Rolls ${asked.service} in ${asked.environment} back to what ran there before: ${former.version}.`,
    details: [
      { label: 'Goes', value: `${now.version} (revision ${now.number})` },
      {
        label: 'Comes back',
        value: `${former.version} (revision ${former.number}), made ${formatDuration(context.now - former.madeAt)} ago`,
      },
      { label: 'Image', value: former.image },
    ],
    commits: [],
    resolved: {
      revision: String(former.number),
      image: former.image,
      version: former.version,
      place: placeText(asked, context.catalog),
      'running version': now.version,
    },
    cautions: ['GitHub knows of no earlier deploy there: this puts back what the cluster itself remembers.'],
    // Which commits those are nobody can tell.
    change: 'unknown',
  };
}
