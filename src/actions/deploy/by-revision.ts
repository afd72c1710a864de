/**
 * A rollback to a Pod template that the cluster still keeps. Which way a rollback goes is known only once it is looked
 * at, and the plan before: so these are the steps of a deploy by image, each of which knows both ways.
 */
import type { Step, StepContext } from '../../core/action.ts';
import type { Revision } from '../../core/cluster.ts';
import { agreedPlace } from '../service/place.ts';
import { followRollout } from '../service/rollout.ts';
import { imageSteps } from './by-image.ts';
import type { Route } from './delivery.ts';

export function imageOrRevisionSteps(route: Route): readonly Step<unknown>[] {
  const byRevision = revisionSteps(route);
  return imageSteps(route).map((byImage) => {
    const other = byRevision[byImage.id];
    if (!other) return byImage;
    const chosen = (context: StepContext) => (context.resolved.revision === undefined ? byImage : other);
    return {
      id: byImage.id,
      title: byImage.title,
      do: (asked, context) => chosen(context).do(asked, context),
      find: async (asked, context) => chosen(context).find?.(asked, context),
      undo: async (asked, context) => chosen(context).undo?.(asked, context) ?? { state: 'done' },
    };
  });
}

/** By the id of the step that each takes the place of. */
function revisionSteps(route: Route): Readonly<Record<string, Omit<Step<unknown>, 'id' | 'title'>>> {
  const unrecorded = async () => ({ state: 'done', note: 'GitHub has no record of this version' }) as const;
  return {
    deployment: { do: unrecorded },
    success: { do: unrecorded },
    rollout: { do: (_asked, context) => followRollout(route, context) },
    before: {
      async do(_asked, context) {
        const [now] = await keptNow(route, context);
        const image = now?.image ?? '';
        return { state: 'done', note: image, result: { revision: String(now?.number ?? 0), image } };
      },
    },
    image: {
      async do(_asked, context) {
        const { image = '', revision } = context.resolved;
        const [now] = await keptNow(route, context);
        // Safe to repeat: once its image runs, the revision has another number.
        if (now?.image !== image) await rollBack(route, context, Number(revision));
        return { state: 'done', note: image };
      },
      async undo(_asked, context) {
        // An older version of the bot did not remember the image: then only what we have set ourselves is taken back.
        const { revision = '0', image } = context.results.before ?? {};
        if (revision === '0') return { state: 'done' };
        const kept = await keptNow(route, context);
        const now = kept[0]?.image ?? '';
        // That image alone does not say so: the cluster counts what was changed a moment after it was.
        const isBack = now === image && kept.every(({ number }) => number !== Number(revision));
        if (isBack) return { state: 'done', note: `it is ${now}` };
        if (now !== image && now !== context.resolved.image) {
          return { state: 'done', note: `left at ${now}: somebody has set it since` };
        }
        await rollBack(route, context, Number(revision));
        return { state: 'done', note: `back to revision ${revision}` };
      },
    },
  };
}

function keptNow(route: Route, context: StepContext): Promise<readonly Revision[]> {
  const { revisions, place } = on(route, context);
  return revisions.revisions(place.namespace, place.deployment);
}

async function rollBack(route: Route, context: StepContext, revision: number): Promise<void> {
  const { revisions, place } = on(route, context);
  const { namespace, deployment } = place;
  await revisions.rollBack({ namespace, deployment, revision, fence: context.fence });
}

function on(route: Route, context: StepContext) {
  const place = agreedPlace(route, context);
  return { place, revisions: context.cluster(place.cluster) };
}
