/** Who has what for themselves, by the events alone. */
import type { RequestEvent } from '../../../src/core/request.ts';
import { BrokenPromise } from '../broken-promise.ts';
import { thingKeys, type thingNames } from '../world/thing-action.ts';
import type { Known } from './known.ts';

export interface Locks {
  follow(known: Known, event: RequestEvent): void;
}

export function createLocks(): Locks {
  const held = new Map<string, { readonly keys: readonly string[]; readonly isKept: boolean }>();
  let highest = 0;

  function take(known: Known, event: Extract<RequestEvent, { type: 'started' }>): void {
    const { lock } = event;
    const missing = keysNeeded(known).filter((key) => !lock?.keys.some((one) => one === key));
    if (missing.length > 0) {
      throw new BrokenPromise('one run per lock', `${known.id} began without ${missing.join(', ')}`);
    }
    if (!lock) return;
    for (const id of lock.over) held.delete(id);
    for (const [id, { keys }] of held) {
      if (keys.some((one) => lock.keys.some((other) => overlap(one, other)))) {
        throw new BrokenPromise('one run per lock', `${known.id} began while ${id} has ${keys.join(', ')}`);
      }
    }
    if (lock.fence <= highest) {
      throw new BrokenPromise('one run per lock', `${known.id} took ${lock.keys.join()} under an old number`);
    }
    highest = lock.fence;
    held.set(known.id, { keys: lock.keys, isKept: lock.kind === 'person' });
  }

  return {
    follow(known, event) {
      if (event.type === 'started') take(known, event);
      if (event.type === 'lock_ended') held.delete(known.id);
      const isKept = event.type === 'succeeded' && held.get(known.id)?.isKept;
      if (known.state === 'ended' && !isKept && !event.type.startsWith('lock_')) held.delete(known.id);
    },
  };
}

function keysNeeded({ action, input }: Known): readonly string[] {
  return action === 'thing.change' ? (thingKeys(input.name as (typeof thingNames)[number]) ?? []) : [];
}

function overlap(one: string, other: string): boolean {
  const [service, environment] = one.split('/');
  const [otherService, otherEnvironment] = other.split('/');
  if (service === '*' || otherService === '*') return true;
  const isSamePlace = [environment, otherEnvironment].includes('*') || environment === otherEnvironment;
  return service === otherService && isSamePlace;
}
