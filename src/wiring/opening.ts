/** What every part of the wiring is opened with. */
import type { SharedClock } from '../background/shared-time.ts';
import type { Chance, Clock, Log, Scheduler } from '../core/ports.ts';
import type { Problem } from '../core/problem.ts';
import type { AppSettings } from '../settings/app-settings.ts';
import type { AppEnd } from './end-app.ts';

/** What a simulation or a test replaces. */
export interface AppEnvironment {
  readonly clock: Clock & Partial<SharedClock>;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly log: Log;
  /** From 0 to 1: spreads retries. */
  draw(): number;
  /** Nothing can be kept any more: end this process with a code other than 0, so that a supervisor starts it again. */
  diskFailed?(cause: Problem): void;
}

export interface Opening {
  readonly settings: AppSettings;
  readonly environment: AppEnvironment;
  /** Whatever is opened says here what ends it. */
  readonly end: AppEnd;
}
