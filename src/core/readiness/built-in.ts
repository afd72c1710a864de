/** The kinds that every cluster has, beside those that run Pods for long. */
import { healthByConditions } from './conditions.ts';
import { type Health, health } from './health.ts';
import { fields, items, type Observed, textIn } from './observed.ts';
import { healthByPhase } from './phases.ts';

export function healthOfJob(object: Observed): Health {
  const told = healthByConditions(object);
  if (told) return told.state === 'ready' ? health('ready', object, 'has done its work') : told;
  if (object.spec.suspend === true) return health('suspended', object, 'is paused');
  return health('progressing', object, 'is at work');
}

export function healthOfCronJob(object: Observed): Health {
  const { status } = object;
  if (object.spec.suspend === true) return health('suspended', object, 'is paused');
  const succeededAt = textIn(status.lastSuccessfulTime);
  // RFC 3339 in UTC sorts as text. Before its first success nobody knows whether it works.
  const isLate = succeededAt !== '' && succeededAt < textIn(status.lastScheduleTime);
  return isLate && items(status.active).length === 0
    ? health('failed', object, 'failed when it last ran')
    : health('ready', object, 'waits for its time');
}

export function healthOfClaim(object: Observed): Health {
  const phase = textIn(object.status.phase);
  return (
    healthByPhase(object, phase, phase === 'Lost' ? 'its volume is gone' : '') ??
    health('progressing', object, 'waits for a volume')
  );
}

/** Only one of type LoadBalancer has to be given something from outside. */
export function healthOfService(object: Observed): Health {
  return object.spec.type === 'LoadBalancer' ? byAddress(object) : health('ready', object, 'is ready');
}

export function byAddress(object: Observed): Health {
  return items(fields(object.status.loadBalancer).ingress).length > 0
    ? health('ready', object, 'has its address')
    : health('progressing', object, 'waits for an address');
}

export function healthOfAutoscaler(object: Observed): Health {
  const failed = object.conditions.find(
    (one) => one.status === 'False' && /^(?:Failed|Invalid)/.test(one.reason),
  );
  if (failed) return health('failed', object, 'cannot scale', failed.message);
  const works = object.conditions.some(
    (one) => one.status === 'True' && (one.type === 'AbleToScale' || one.type === 'ScalingLimited'),
  );
  return works ? health('ready', object, 'is ready') : health('progressing', object, 'is not ready yet');
}

/** CustomResourceDefinition: names that are taken are never given free by waiting. */
export function healthOfDefinition(object: Observed): Health {
  const refused = object.conditions.find((one) => one.type === 'NamesAccepted' && one.status === 'False');
  if (refused) return health('failed', object, 'failed', refused.message);
  return healthByConditions(object) ?? health('progressing', object, 'is not ready yet');
}

export function healthOfNamespace(object: Observed): Health {
  return (
    healthByPhase(object, textIn(object.status.phase), '') ??
    health('progressing', object, 'is not ready yet')
  );
}
