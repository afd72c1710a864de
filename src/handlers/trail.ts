/**
 * The trail of whoever is turned away: one line for the operator and one row that stays, under the reference that the
 * person reads. A storm from one door is one row a minute, so that nobody fills the disk or buries what they did.
 */
import { minuteMs } from '../core/duration.ts';
import type { RequestId } from '../core/ids.ts';
import type { Chance, Clock, Log, Scheduler } from '../core/ports.ts';
import { type Problem, problemFrom } from '../core/problem.ts';
import { fitRedacted } from '../core/redact.ts';
import type { Refusal } from '../core/refusal.ts';

/** What is known of an attempt before anybody has looked at it: all of it is only what the payload says. */
export interface Attempt {
  /** `/env`, `block_actions card.approve`. */
  readonly door: string;
  /** The account; none when nobody proved to be Slack. */
  readonly by?: string;
  /** The request that it names. */
  readonly about?: RequestId | undefined;
}

export interface Trail {
  /** Notes it, and gives the reference for the person. What only failed for the moment is logged, not kept. */
  refused(attempt: Attempt, cause: Problem): string;
  /** Resolves when all that was noted is kept. Never rejects. */
  settled(): Promise<void>;
}

export interface TrailOptions {
  keep(refusal: Refusal): Promise<void>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  readonly chance: Chance;
}

/** A payload is Slack's word for what it holds, and may be long. */
const doorMax = 100;
const sentenceMax = 500;

export function createTrail(options: TrailOptions): Trail {
  const { clock, scheduler, log, chance } = options;
  /** What came again within the minute, not yet kept. */
  const again = new Map<string, { readonly refusal: Refusal; times: number }>();
  const keeping = new Set<Promise<void>>();

  function keep(refusal: Refusal): void {
    const kept = options.keep(refusal).catch((error: unknown) => {
      log.error({ reference: refusal.reference, problem: problemFrom(error) }, 'a refusal could not be kept');
    });
    keeping.add(kept);
    void kept.finally(() => keeping.delete(kept));
  }

  function keepAgain(key: string): void {
    const last = again.get(key);
    again.delete(key);
    if (last && last.times > 0) keep({ ...last.refusal, times: last.times });
  }

  return {
    refused(attempt, cause) {
      const reference = chance.reference();
      const { door, by, about } = attempt;
      log.info(
        { reference, code: cause.code, door, user: by, detail: cause.detail },
        `refused: ${cause.sentence}`,
      );
      if (cause.isTransient) return reference;
      const key = JSON.stringify([door, by, about, cause.code]);
      const known = again.get(key);
      if (known) {
        known.times++;
        return reference;
      }
      const refusal: Refusal = {
        at: clock.now(),
        door: door.slice(0, doorMax),
        code: cause.code,
        sentence: fitRedacted(cause.sentence, sentenceMax),
        reference,
        times: 1,
        ...(by === undefined ? {} : { by }),
        ...(about === undefined ? {} : { about }),
      };
      again.set(key, { refusal, times: 0 });
      scheduler.after(minuteMs, () => keepAgain(key));
      keep(refusal);
      return reference;
    },

    async settled() {
      for (const key of [...again.keys()]) keepAgain(key);
      await Promise.all(keeping);
    },
  };
}
