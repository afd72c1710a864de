/** A deploy that gives the cluster's Deployment another image, and watches its rollout. */
import type { Step, StepContext } from '../../core/action.ts';
import { fillDelivered } from '../../core/deploy-strategy.ts';
import { agreedPlace } from '../service/place.ts';
import { followRollout } from '../service/rollout.ts';
import { type Delivery, deliveryOf, type Route, resultOf, strategyOf } from './delivery.ts';
import { confirmStep, recordStep } from './record.ts';
import { refuseMovedVersion } from './version.ts';

export function imageSteps(route: Route): readonly Step<unknown>[] {
  return [
    // What an undo has put back is not out, and what was never set is not either.
    recordStep(route, async () => undefined),
    {
      // A step of its own: once the image is changed, nobody could tell any more what it was.
      id: 'before',
      title: 'Former image remembered',
      async do(_asked, context) {
        const image = await imageNow(deliveryOf(route, context), context);
        return { state: 'done', note: image, result: { image } };
      },
    },
    {
      id: 'image',
      title: 'Image set',
      async do(_asked, context) {
        const delivery = deliveryOf(route, context);
        await refuseMovedVersion(delivery, context.forge);
        await setImage(delivery, context, wantedImage(delivery), numberOf(delivery));
        return { state: 'done', note: wantedImage(delivery) };
      },
      async undo(_asked, context) {
        const delivery = deliveryOf(route, context);
        const former = resultOf(route, context, 'before')?.image;
        const now = await imageNow(delivery, context);
        if (former === undefined || now === former) return { state: 'done', note: `it is ${now}` };
        if (now !== wantedImage(delivery)) {
          return { state: 'done', note: `left at ${now}: somebody has set it since` };
        }
        await setImage(delivery, context, former, tagOf(former));
        return { state: 'done', note: `back to ${former}` };
      },
    },
    {
      id: 'rollout',
      title: 'Rolled out',
      do: (_asked, context) => followRollout(route, context),
    },
    confirmStep(route, 'rollout'),
  ];
}

export function wantedImage(delivery: Delivery): string {
  return fillDelivered(strategyOf(delivery, 'image').image, delivery);
}

function imageNow(delivery: Delivery, context: StepContext): Promise<string> {
  const { cluster, namespace, deployment } = agreedPlace(delivery.route, context);
  return context.cluster(cluster).image(namespace, deployment, strategyOf(delivery, 'image').container);
}

async function setImage(
  delivery: Delivery,
  context: StepContext,
  image: string,
  version: string,
): Promise<void> {
  const { cluster, namespace, deployment } = agreedPlace(delivery.route, context);
  const { container } = strategyOf(delivery, 'image');
  const { fence } = context;
  await context.cluster(cluster).setImage({ namespace, deployment, container, image, version, fence });
}

function numberOf(delivery: Delivery): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: filled by fillDelivered, not by JavaScript.
  return fillDelivered('${number}', delivery);
}

/** `registry:5000/search@sha256:…` has none: the label then says so. */
function tagOf(image: string): string {
  return /:([^:/@]+)(?:@.*)?$/.exec(image)?.[1] ?? 'unknown';
}
