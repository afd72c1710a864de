/** Single words by which operators say how something is: `status.phase`, `status.state`, Helm's statuses. */
import { type Health, type HealthState, health } from './health.ts';
import type { Observed } from './observed.ts';

/** In lower case without `-` and `_`: Helm writes `DEPLOYED` and `pending-install`, KRO `IN_PROGRESS`. */
const meanings: Readonly<Record<Exclude<HealthState, 'unknown'>, readonly string[]>> = {
  ready: words(
    'ready running active healthy available bound succeeded successful success complete completed deployed established',
    'provisioned installed initialized synced online superseded',
  ),
  failed: words(
    'failed failure error errored degraded unhealthy lost invalid terminalerror uninstalled outdated',
  ),
  suspended: words('paused suspended hibernated'),
  progressing: words(
    'pending progressing inprogress provisioning creating waiting deploying updating upgrading promoting finalising',
    'initializing reconciling terminating deleting uninstalling pendinginstall pendingupgrade pendingrollback',
    'notdeployed processing',
  ),
};

/** `undefined` for no word, and for one that nobody taught us. */
export function meaningOf(phase: string): HealthState | undefined {
  const plain = phase.toLowerCase().replace(/[-_ ]/g, '');
  if (plain === 'inconclusive' || plain === 'unknown') return 'unknown';
  return (Object.keys(meanings) as (keyof typeof meanings)[]).find((state) =>
    meanings[state].includes(plain),
  );
}

export function healthByPhase(object: Observed, phase: string, said: string): Health | undefined {
  const state = meaningOf(phase);
  return state === undefined ? undefined : health(state, object, phaseFacts[state](phase), said);
}

const phaseFacts: Readonly<Record<HealthState, (phase: string) => string>> = {
  ready: () => 'is ready',
  failed: () => 'failed',
  suspended: () => 'is paused',
  progressing: (phase) => `is on its way (${phase})`,
  unknown: (phase) => `does not tell how it is (${phase})`,
};

function words(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(' '));
}
