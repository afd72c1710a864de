/** Who has what for themselves, by the events alone. */
import type { RequestEvent } from '../../../src/core/request.ts';
import { BrokenPromise } from '../broken-promise.ts';
import { thingKeys, type thingNames } from '../world/thing-action.ts';
import { type Known, voiceOf } from './known.ts';

export interface Locks {
  follow(known: Known, event: RequestEvent): void;
}

interface Held {
  readonly keys: readonly string[];
  readonly isKept: boolean;
  readonly by: string;
}

export function createLocks(): Locks {
  const held = new Map<string, Held>();
  let highest = 0;

  function take(known: Known, event: Extract<RequestEvent, { type: 'started' }>): void {
    const { lock } = event;
    const missing = keysNeeded(known).filter((key) => !lock?.keys.some((one) => one === key));
    if (missing.length > 0) {
      throw new BrokenPromise('one run per lock', `${known.id} began without ${missing.join(', ')}`);
    }
    if (!lock) return;
    for (const id of lock.over) held.delete(id);
    const taken = {
      keys: lock.keys,
      isKept: lock.kind === 'person',
      by: voiceOf(lock.holder.id, lock.holder.email),
    };
    for (const [id, other] of held) {
      const { keys } = other;
      // What somebody keeps for themselves is not in the way of their own runs.
      if (other.by === taken.by && (other.isKept || taken.isKept)) continue;
      if (keys.some((one) => lock.keys.some((wanted) => overlap(one, wanted)))) {
        throw new BrokenPromise('one run per lock', `${known.id} began while ${id} has ${keys.join(', ')}`);
      }
    }
    if (lock.fence <= highest) {
      throw new BrokenPromise('one run per lock', `${known.id} took ${lock.keys.join()} under an old number`);
    }
    highest = lock.fence;
    held.set(known.id, taken);
  }

  return {
    follow(known, event) {
      if (event.type === 'started') take(known, event);
      if (event.type === 'lock_handed_over') {
        const lock = held.get(known.id);
        if (lock) held.set(known.id, { ...lock, by: voiceOf(event.to.id, event.to.email) });
      }
      if (event.type === 'lock_ended') held.delete(known.id);
      const isKept = event.type === 'succeeded' && held.get(known.id)?.isKept;
      if (known.state === 'ended' && !isKept && !event.type.startsWith('lock_')) held.delete(known.id);
    },
  };
}

function keysNeeded({ action, input }: Known): readonly string[] {
  if (action === 'deploy') return [`${input.service}/${input.environment}`];
  if (action.startsWith('environment.') && action !== 'environment.create') return [`env:${input.name}`];
  return action === 'thing.change' ? (thingKeys(input.name as (typeof thingNames)[number]) ?? []) : [];
}

function overlap(one: string, other: string): boolean {
  const [service, environment] = one.split('/');
  const [otherService, otherEnvironment] = other.split('/');
  if (service === '*' || otherService === '*') return true;
  const isSamePlace = [environment, otherEnvironment].includes('*') || environment === otherEnvironment;
  return service === otherService && isSamePlace;
}
