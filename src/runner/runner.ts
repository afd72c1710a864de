/**
 * Carries requests on: claims what is due, does one thing with it, and lets go. All that matters is in the store, so
 * that any process can go on where another was killed.
 */
import { minuteMs, secondMs } from '../core/duration.ts';
import type { RequestId } from '../core/ids.ts';
import type { Clock, Log, Scheduler } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { Claim, Store } from '../core/store.ts';
import { type CarryContext, carryOn } from './carry-on.ts';
import { type KeptClaim, keepClaim } from './keep-claim.ts';

export interface RunnerOptions extends Omit<CarryContext, 'mayGoOn' | 'isOurs'> {
  readonly store: Store;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** Names this process in a lease; no two may share it. */
  readonly holder: string;
  /**
   * How long a killed holder's work lies still, in milliseconds. Renewed at a third of it while a step takes long. All
   * replicas look when it lapses, so that it is taken over in less than 10 s.
   */
  readonly leaseMs?: number;
  /** How many requests are carried on at once. */
  readonly concurrency?: number;
  /** Resolves when work that nobody waits for may begin: soon, whatever happens. */
  giveWay?(): Promise<void>;
}

export interface Runner {
  /** Something may be due now: look at once. */
  wake(): void;
  /** Works until nothing is due and nothing is in flight; for tests and for a drain. */
  settle(): Promise<void>;
  /**
   * Takes no new work and begins no new step; what is in flight is written when it answers, and handed back. What takes
   * longer than `withinMs` is left to its lease and not handed back: its effect may still be on its way, and whoever takes
   * it over must be able to find that. `false` when something was left so.
   */
  stop(withinMs?: number): Promise<boolean>;
}

/** The store is looked at this often even when nobody says that something changed. */
const pollEvery = 5 * secondMs;
/** So often it is looked what is left to a newer version. */
const newerEvery = minuteMs;

export function startRunner(options: RunnerOptions): Runner {
  const { store, clock, scheduler, log, holder, leaseMs = 8 * secondMs, concurrency = 8 } = options;
  const inFlight = new Map<KeptClaim, Promise<void>>();
  const left = new Set<RequestId>();
  let newerAt = 0;
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
        await tellOfNewer();
        await setAlarm();
      } catch (error) {
        log.error({ problem: problemFrom(error) }, 'the runner could not look for work');
        lookAfter(pollEvery);
      }
    }
  }

  async function claimAll(): Promise<void> {
    // Where one was due more may be, and claims that are asked for together share their commit.
    for (let count = 1; !isStopping && inFlight.size < concurrency; count *= 2) {
      await options.giveWay?.();
      const room = isStopping ? 0 : Math.min(count, concurrency - inFlight.size);
      const claims = await Promise.allSettled(Array.from({ length: room }, claim));
      for (const one of claims) if (one.status === 'rejected') throw one.reason;
      if (!claims.every((one) => one.status === 'fulfilled' && one.value)) return;
    }
  }

  async function claim(): Promise<boolean> {
    const found = await store.claimDue(holder, clock.now(), leaseMs);
    if (!found) return false;
    const kept = keepClaim({ ...options, leaseMs }, found.claim);
    const work = carry(found.request, found.claim, kept).finally(() => {
      inFlight.delete(kept);
      void look();
    });
    inFlight.set(kept, work);
    return true;
  }

  /** While an upgrade rolls out: once for each, as they are in good hands. */
  async function tellOfNewer(): Promise<void> {
    if (clock.now() < newerAt) return;
    newerAt = clock.now() + newerEvery;
    const requests = (await store.leftToNewer(clock.now())).filter((id) => !left.has(id));
    if (requests.length > 0) log.warn({ requests }, 'requests are left to a newer version of Greenlight');
    for (const id of requests) left.add(id);
  }

  async function carry(request: PlatformRequest, claim: Claim, kept: KeptClaim): Promise<void> {
    const { isOurs } = kept;
    const mayGoOn = () => !isStopping && isOurs();
    try {
      const again = await carryOn({ ...options, mayGoOn, isOurs }, request, claim);
      if (again === undefined) await store.release(claim);
      else await store.postpone(claim, again);
    } catch (error) {
      log.error({ request: request.id, problem: problemFrom(error) }, 'the runner stumbled');
      await store.postpone(claim, clock.now() + pollEvery).catch(() => undefined);
    } finally {
      kept.letGo();
    }
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

  async function endAll(): Promise<void> {
    await looking;
    alarm?.cancel();
    await Promise.all(inFlight.values());
  }

  void look();

  return {
    wake: () => void look(),
    async settle() {
      await look();
      while (inFlight.size > 0) {
        await Promise.all(inFlight.values());
        await look();
      }
    },
    async stop(withinMs) {
      isStopping = true;
      alarm?.cancel();
      const late = Promise.withResolvers<void>();
      const timer = withinMs === undefined ? undefined : scheduler.after(withinMs, late.resolve);
      await Promise.race([endAll(), late.promise]);
      timer?.cancel();
      const left = [...inFlight.keys()];
      for (const kept of left) kept.letGo();
      return left.length === 0;
    },
  };
}
