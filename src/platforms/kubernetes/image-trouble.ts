/** Why an image cannot be pulled, and whether that may pass. Pure. */
import { newest } from './events.ts';
import type { ContainerStatus, EventObject, PodObject } from './shapes.ts';
import type { Trouble } from './trouble.ts';

/** Why a container waits when its image cannot be had. */
export const imageReasons = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
]);

/** What registries and container runtimes say of a bad moment, as against a name that leads nowhere. */
const passingPullFailure =
  /time[d ]?out|i\/o|connection (?:refused|reset)|too ?many ?requests|\b429\b|\b50\d\b|EOF|TLS handshake|temporar|no such host|misbehaving|unavailable/i;
const lastingPullFailure =
  /not found|does not exist|manifest unknown|no such image|unauthorized|denied|forbidden|authoriz|invalid reference|no match(?:ing manifest)? for platform|\b40[134]\b/i;

/** @param warnings of the Pod. */
export function imageTrouble(
  status: ContainerStatus,
  pod: PodObject,
  warnings: readonly EventObject[],
): Trouble {
  const { reason = '', message = '' } = status.state.waiting ?? {};
  const image = imageOf(status, pod);
  const cause = pullCause(message, image, warnings);
  const isLasting =
    reason === 'InvalidImageName' ||
    reason === 'ErrImageNeverPull' ||
    (lastingPullFailure.test(cause) && !passingPullFailure.test(cause));
  return {
    story: 'image',
    text: `${reason}: the image ${image} cannot be pulled${cause === '' ? '' : `: ${cause}`}`,
    mayRecover: !isLasting,
  };
}

/** "Back-off pulling image" says nothing; the cause stands behind it, or in the Failed event of the attempt before. */
function pullCause(message: string, image: string, warnings: readonly EventObject[]): string {
  const attempts = warnings.filter((event) => event.message.startsWith('Failed to pull image'));
  const fromEvent = newest(attempts)?.message.replace(/^Failed to pull image "[^"]*":\s*/, '');
  const fromStatus = message
    .replace(/^Back-off pulling image "[^"]*"(?::\s*)?/, '')
    .replace(/^ErrImagePull:\s*/, '');
  const cause = fromStatus || fromEvent || '';
  return cause === image ? '' : cause;
}

function imageOf(status: ContainerStatus, pod: PodObject): string {
  const container = [...pod.spec.containers, ...pod.spec.initContainers].find(
    (one) => one.name === status.name,
  );
  return container?.image || status.image;
}
