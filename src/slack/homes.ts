/**
 * Keeps the App Home of those who look at theirs in step: drawn when it is opened, after each thing that its reader
 * does, and when something on it changes while they may still be looking. Slack does not say when somebody looks away,
 * so it is kept for a while only, at a pace that leaves `views.publish` (100 a minute) to those who open theirs; each
 * says as of when it is. What Slack does not take just now is drawn again. Nothing of it outlives a restart, as opening
 * it draws it anew.
 */

import type { HomeView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { minuteMs, secondMs } from '../core/duration.ts';
import type { Moment, PersonId } from '../core/ids.ts';
import type { Clock, Log, Scheduler } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import { slackProblem } from './errors.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface Homes {
  /** Somebody opened theirs, or did something on it: drawn now. Never throws. */
  draw(person: PersonId): Promise<void>;
  /** Whether anybody has looked at theirs lately, over this replica. */
  hasReaders(): boolean;
  /** A request has changed: the Homes it may stand on are drawn anew, soon, of those who looked lately. */
  changed(request: PlatformRequest): void;
  close(): Promise<void>;
}

/** One person's Home, and what would change it. */
export interface DrawnHome {
  readonly view: HomeView;
  /** Whether a request that has changed stands on it, or would now. */
  concerns(request: PlatformRequest): boolean;
}

export interface HomesOptions {
  readonly client: WebClient;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** Reads and draws it as of now. */
  drawn(person: PersonId): Promise<DrawnHome>;
}

/** How long after it was opened somebody may still look at theirs. */
export const lookedForMs = 15 * minuteMs;
/** Between two Homes that nobody asked for: two replicas that both have many draw at most 80 of the 100 a minute. */
export const paceMs = 1.5 * secondMs;
/** Beyond so many the least recent reader has to open theirs again. */
const readersMax = 200;

interface Reader {
  lookedAt: Moment;
  concerns: DrawnHome['concerns'];
}

/** Until it is drawn nobody knows. */
const everythingConcerns = () => true;

export function createHomes(options: HomesOptions): Homes {
  const { client, clock, scheduler, log } = options;
  /** The least recent reader first. */
  const readers = new Map<PersonId, Reader>();
  /** Whose is to be drawn anew, in turn: one that fails again and again holds up no other. */
  const stale = new Set<PersonId>();
  /** What changes while one is being drawn: it may stand on that one, and on the one before it did not. */
  let meanwhile: PlatformRequest[] | undefined;
  /** Slack asked for it. */
  let pausedUntil: Moment = 0;
  let alarm: { cancel(): void } | undefined;
  let publishing: Promise<void> = Promise.resolve();
  let isClosed = false;

  async function publish(person: PersonId): Promise<void> {
    const changed: PlatformRequest[] = [];
    meanwhile = changed;
    try {
      const { view, concerns } = await options.drawn(person);
      await client.views.publish({ user_id: person, view: withoutSecrets(view) }).catch((error: unknown) => {
        throw slackProblem(error, 'views.publish');
      });
      const reader = readers.get(person);
      if (reader) reader.concerns = concerns;
      if (changed.some((one) => concerns(one))) stale.add(person);
    } catch (error) {
      const cause = problemFrom(error);
      log.warn({ person, problem: cause }, 'a Home could not be drawn');
      if (!cause.isTransient) return;
      pausedUntil = Math.max(pausedUntil, clock.now() + (cause.retryAfterMs ?? 0));
      // Nothing else may change on it for hours.
      stale.add(person);
    } finally {
      meanwhile = undefined;
    }
  }

  /** One after another: a slow one must not be overtaken by what it was to show. */
  function inOrder(person: PersonId): Promise<void> {
    publishing = publishing.then(() => publish(person)).then(setAlarm);
    return publishing;
  }

  function look(): void {
    alarm = undefined;
    const oldest = clock.now() - lookedForMs;
    for (const [person, reader] of readers) if (reader.lookedAt < oldest) readers.delete(person);
    for (const person of stale) if (!readers.has(person)) stale.delete(person);
    const [person] = stale;
    if (person === undefined || isClosed) return;
    if (clock.now() < pausedUntil) setAlarm();
    else {
      stale.delete(person);
      void inOrder(person);
    }
  }

  function setAlarm(): void {
    if (isClosed || alarm || stale.size === 0) return;
    alarm = scheduler.after(Math.max(paceMs, pausedUntil - clock.now()), look);
  }

  return {
    draw(person) {
      const known = readers.get(person);
      readers.delete(person);
      const { concerns = everythingConcerns } = known ?? {};
      readers.set(person, { lookedAt: clock.now(), concerns });
      stale.delete(person);
      const [oldest] = readers.keys();
      if (readers.size > readersMax && oldest !== undefined) readers.delete(oldest);
      return inOrder(person);
    },
    hasReaders: () => [...readers.values()].some(({ lookedAt }) => clock.now() - lookedAt <= lookedForMs),
    changed(request) {
      meanwhile?.push(request);
      for (const [person, { concerns }] of readers) if (concerns(request)) stale.add(person);
      setAlarm();
    },
    async close() {
      isClosed = true;
      alarm?.cancel();
      await publishing;
    },
  };
}
