/**
 * Carries requests on: claims what is due, does one thing with it, and lets go. All that matters is in the store, so
 * that any process can go on where another was killed.
 */
import { secondMs } from '../core/duration.ts';
import type { Clock, Log, Scheduler } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { Claim, Store } from '../core/store.ts';
import { type CarryContext, carryOn } from './carry-on.ts';

export interface RunnerOptions extends CarryContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** Names this process in a lease; no two may share it. */
  readonly holder: string;
  /** How long a killed holder's work lies still. Renewed at a third of it while a step takes long. */
  readonly leaseMs?: number;
  /** How many requests are carried on at once. */
  readonly concurrency?: number;
}

export interface Runner {
  /** Something may be due now: look at once. */
  wake(): void;
  /** Works until nothing is due and nothing is in flight; for tests and for a drain. */
  settle(): Promise<void>;
  /** Takes no new work, waits for what is in flight, hands back its claims. */
  stop(): Promise<void>;
}

/** The store is looked at this often even when nobody says that something changed. */
const pollEvery = 5 * secondMs;

export function startRunner(options: RunnerOptions): Runner {
  const { store, clock, scheduler, log, holder, leaseMs = 30 * secondMs, concurrency = 8 } = options;
  const inFlight = new Set<Promise<void>>();
  let isStopping = false;
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  let alarm: { cancel(): void } | undefined;

  /** One look at a time; whoever calls during one gets another after it, and waits for both. */
  function look(): Promise<void> {
    lookAgain = true;
    looking ??= lookUntilQuiet().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  async function lookUntilQuiet(): Promise<void> {
    while (lookAgain && !isStopping) {
      lookAgain = false;
      try {
        await claimAll();
        await setAlarm();
      } catch (error) {
        log.error({ problem: problemFrom(error) }, 'the runner could not look for work');
        lookAfter(pollEvery);
      }
    }
  }

  async function claimAll(): Promise<void> {
    while (!isStopping && inFlight.size < concurrency) {
      const found = await store.claimDue(holder, clock.now(), leaseMs);
      if (!found) return;
      const work = carry(found.request, found.claim).finally(() => {
        inFlight.delete(work);
        void look();
      });
      inFlight.add(work);
    }
  }

  async function carry(request: PlatformRequest, claim: Claim): Promise<void> {
    const renewal = keepClaim(claim);
    try {
      const again = await carryOn(options, request, claim);
      if (again === undefined) await store.release(claim);
      else await store.postpone(claim, again);
    } catch (error) {
      log.error({ request: request.id, problem: problemFrom(error) }, 'the runner stumbled');
      await store.postpone(claim, clock.now() + pollEvery).catch(() => undefined);
    } finally {
      renewal.cancel();
    }
  }

  /** A step that takes long keeps its claim; one whose claim is lost learns it at its next write. */
  function keepClaim(claim: Claim): { cancel(): void } {
    let timer = scheduler.after(leaseMs / 3, renew);
    function renew() {
      timer = scheduler.after(leaseMs / 3, renew);
      store.renew(claim, clock.now(), leaseMs).catch((error: unknown) => {
        log.warn({ request: claim.requestId, problem: problemFrom(error) }, 'a claim could not be renewed');
      });
    }
    return { cancel: () => timer.cancel() };
  }

  async function setAlarm(): Promise<void> {
    if (isStopping) return;
    const dueAt = await store.nextDueAt().catch(() => undefined);
    const wait = dueAt === undefined ? pollEvery : Math.min(pollEvery, Math.max(0, dueAt - clock.now()));
    lookAfter(inFlight.size >= concurrency ? pollEvery : wait);
  }

  function lookAfter(delayMs: number): void {
    alarm?.cancel();
    if (!isStopping) alarm = scheduler.after(delayMs, () => void look());
  }

  void look();

  return {
    wake: () => void look(),
    async settle() {
      await look();
      while (inFlight.size > 0) {
        await Promise.all(inFlight);
        await look();
      }
    },
    async stop() {
      isStopping = true;
      await looking;
      alarm?.cancel();
      await Promise.all(inFlight);
    },
  };
}
