/** Somebody follows something for a while in one message. Pure. */
import { minuteMs } from './duration.ts';
import type { Moment, PersonId } from './ids.ts';

export interface Watch {
  readonly id: string;
  /** Whose rights it looks with. */
  readonly by: PersonId;
  /** The read action that is asked again and again, and its input. */
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Where it is shown. */
  readonly channel: string;
  /** Of the message; empty until it was posted. */
  readonly ts: string;
  readonly until: Moment;
  /** What somebody stopped it with, until that stands in the message as its last words. */
  readonly stopped?: string;
}

/** How long one lasts: long enough for a rollout and its first minutes. */
export const watchMs = 15 * minuteMs;

/** More of them at once would be noise, and would use up what Slack allows of edits. */
export const watchLimits = { perPerson: 3, perChannel: 5, inAll: 20 } as const;

/** Why one more would be too many; `undefined` when it is not. */
export function tooManyWatches(
  all: readonly Watch[],
  asked: Pick<Watch, 'by' | 'channel'>,
): 'person' | 'channel' | 'all' | undefined {
  const running = all.filter(({ stopped }) => stopped === undefined);
  if (running.filter((one) => one.by === asked.by).length >= watchLimits.perPerson) return 'person';
  if (running.filter((one) => one.channel === asked.channel).length >= watchLimits.perChannel)
    return 'channel';
  return running.length >= watchLimits.inAll ? 'all' : undefined;
}
