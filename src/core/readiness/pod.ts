/** A Pod by itself. Why a Deployment's Pods are ill is told at length by the status of services. */
import { type Health, health } from './health.ts';
import { type Fields, fields, items, type Observed, textIn } from './observed.ts';

/** A container that waits for one of these will not come without somebody's help. */
const hopeless = /Err|BackOff|^Invalid/;

export function healthOfPod(object: Observed): Health {
  const { status, spec } = object;
  const phase = textIn(status.phase);
  const containers = [...items(status.initContainerStatuses), ...items(status.containerStatuses)];
  if (phase === 'Succeeded') return health('ready', object, 'has done its work');
  if (phase === 'Failed')
    return health('failed', object, 'failed', textIn(status.message) || endOf(containers));
  const waiting = containers.map((one) => fields(fields(one.state).waiting)).find(isHopeless);
  if (waiting) {
    const said = [textIn(waiting.reason), textIn(waiting.message)].filter((part) => part !== '').join(', ');
    return health('failed', object, 'cannot start', said);
  }
  // One that ends by itself is ready when it has ended: a Job's, a migration's.
  if (phase !== 'Running' || (spec.restartPolicy ?? 'Always') !== 'Always') {
    return health('progressing', object, phase === 'Running' ? 'is at work' : 'is starting');
  }
  const end = endOf(containers);
  if (end !== '') return health('failed', object, 'crashed', end);
  const ready = object.conditions.find((one) => one.type === 'Ready');
  return ready?.status === 'True'
    ? health('ready', object, 'is ready')
    : health('progressing', object, 'is not ready yet', ready?.message);
}

function isHopeless(waiting: Fields): boolean {
  return hopeless.test(textIn(waiting.reason));
}

function endOf(containers: readonly Fields[]): string {
  const ended = containers.map((one) => fields(fields(one.state).terminated));
  const bad = ended.find((one) => typeof one.exitCode === 'number' && one.exitCode !== 0);
  return bad ? `a container ended with code ${bad.exitCode}` : '';
}
