/** When cards are looked for that are one too many or missing: soon after our turn to speak began, then now and then. */
import { hourMs, secondMs } from '../core/duration.ts';
import type { Log, Scheduler, Sending } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';

export interface Sweeps {
  /** Our turn to speak has begun. */
  begin(): void;
  /** It is over: none begins any more. */
  end(): void;
  /** Never rejects. */
  underWay(): Promise<void> | undefined;
}

export interface SweepsOptions {
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** None is made when not given. */
  sweep?(sending: Sending): Promise<void>;
  /** What each asks before its calls. */
  turn(): NonNullable<Sending['turn']>;
  /** One has ended. */
  swept(): void;
}

/** First so long after the turn to speak came, when calls of whoever spoke before have ended; then again and again. */
const sweepMs = { first: 30 * secondMs, next: hourMs } as const;

export function createSweeps(options: SweepsOptions): Sweeps {
  const { scheduler, log, sweep } = options;
  let isOurTurn = false;
  let sweeping: Promise<void> | undefined;
  let alarm: { cancel(): void } | undefined;

  function setAlarm(delayMs: number): void {
    alarm?.cancel();
    if (!sweep) return;
    alarm = scheduler.after(delayMs, () => {
      alarm = undefined;
      sweeping ??= sweep({ turn: options.turn() })
        .catch((error: unknown) => log.warn({ problem: problemFrom(error) }, 'cards were not looked for'))
        .finally(() => {
          sweeping = undefined;
          // One that a new turn has set since stands.
          if (isOurTurn && !alarm) setAlarm(sweepMs.next);
          options.swept();
        });
    });
  }

  return {
    begin() {
      isOurTurn = true;
      setAlarm(sweepMs.first);
    },
    end() {
      isOurTurn = false;
      alarm?.cancel();
      alarm = undefined;
    },
    underWay: () => sweeping,
  };
}
