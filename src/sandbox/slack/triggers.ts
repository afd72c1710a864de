/** Trigger ids: proof that a person just did something. One use, three seconds. */
import { randomBytes } from 'node:crypto';
import type { WorldClock } from '../clock.ts';
import { SlackError } from './errors.ts';
import { limits } from './limits.ts';

interface TriggerOrigin {
  readonly user: string;
  /** The channel the person stood in. */
  readonly channel: string | undefined;
  /** The modal the person acted in: needed by `views.push`. */
  readonly viewId: string | undefined;
}

export interface Triggers {
  issue(origin: TriggerOrigin): string;
  /** @throws SlackError invalid_trigger_id, exchanged_trigger_id, expired_trigger_id. */
  exchange(id: string): TriggerOrigin;
}

/** Old ones are forgotten: they could not be used any more, only their error would be less exact. */
const rememberedMax = 500;

export function createTriggers(clock: WorldClock): Triggers {
  const issued = new Map<string, { origin: TriggerOrigin; expiresAt: number; isUsed: boolean }>();
  let last = 0;
  return {
    issue(origin) {
      const id = `${++last}.${clock.now()}.${randomBytes(16).toString('hex')}`;
      issued.set(id, { origin, expiresAt: clock.now() + limits.triggerMs.max, isUsed: false });
      const oldest = issued.keys().next().value;
      if (issued.size > rememberedMax && oldest !== undefined) issued.delete(oldest);
      return id;
    },
    exchange(id) {
      const trigger = issued.get(id);
      if (!trigger) throw new SlackError('invalid_trigger_id');
      if (trigger.isUsed) throw new SlackError('exchanged_trigger_id');
      if (clock.now() > trigger.expiresAt) throw new SlackError('expired_trigger_id');
      trigger.isUsed = true;
      return trigger.origin;
    },
  };
}
