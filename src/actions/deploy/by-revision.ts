/**
 * A rollback to a Pod template that the cluster still keeps. Which way a rollback goes is known only once it is looked
 * at, and the plan before: so these are the steps of a deploy by image, each of which knows both ways.
 */
import type { Step, StepContext } from '../../core/action.ts';
import { placeOf } from '../service/place.ts';
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
        const { revisions, place } = on(route, context);
        const [now] = await revisions.revisions(place.namespace, place.deployment);
        return { state: 'done', note: now?.image ?? '', result: { revision: String(now?.number ?? 0) } };
      },
    },
    image: {
      async do(_asked, context) {
        await rollBack(route, context, Number(context.resolved.revision));
        return { state: 'done', note: context.resolved.image ?? '' };
      },
      async undo(_asked, context) {
        const former = Number(context.results.before?.revision ?? 0);
        if (former === 0) return { state: 'done' };
        await rollBack(route, context, former);
        return { state: 'done', note: `back to revision ${former}` };
      },
    },
  };
}

/** Safe to repeat: once its image runs, the revision has another number, and there is nothing left to do. */
async function rollBack(route: Route, context: StepContext, revision: number): Promise<void> {
  const { revisions, place } = on(route, context);
  const { namespace, deployment } = place;
  const kept = await revisions.revisions(namespace, deployment);
  const isDone = revision === Number(context.resolved.revision) && kept[0]?.image === context.resolved.image;
  if (isDone) return;
  await revisions.rollBack({ namespace, deployment, revision, fence: context.fence });
}

function on(route: Route, context: StepContext) {
  const place = placeOf(route, context.catalog);
  return { place, revisions: context.cluster(place.cluster) };
}
