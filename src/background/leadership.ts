/**
 * Keeps a named lease for this replica, so that one thing is done by one replica at a time. Whoever holds it renews it
 * at a third of its span; whoever could not stops by its own clock before it lapses in the store, so that two never
 * both believe that it is theirs. Killed, it is taken over in less than 8 seconds; let go of in order, in less than 2.
 * A process that was paused learns it from `current` before any of its timers has fired.
 */
import { secondMs } from '../core/duration.ts';
import { isOurs, leaseMarginMs } from '../core/lease.ts';
import type { Clock, Log, Scheduler } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import type { Lease, Store } from '../core/store.ts';

export interface LeadershipOptions {
  readonly store: Pick<Store, 'claimLease' | 'renewLease' | 'releaseLease'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** Of the lease: what it is about. */
  readonly name: string;
  /** Names this process; no two may share it. */
  readonly holder: string;
  /** It is ours from now on. `fence` rises with every taking: what it guards may refuse a lower one. */
  taken(lease: Lease): void;
  /** It is ours no longer: begin nothing more. Letting go at `stop` waits for it. Never throws. */
  lost(): void | Promise<void>;
}

export interface Leadership {
  /** What we hold at this very moment; ask again after every wait. Its `until` is the last that was renewed. */
  current(): Lease | undefined;
  /** Claims or renews now, and resolves when that is answered. Never throws. */
  look(): Promise<void>;
  /** Resolves when it is free for others; does not throw when the store is away, and it lapses. */
  stop(): Promise<void>;
}

export const leadershipLimits = {
  /** Of the lease: how long a killed holder's work lies still, but for one look. */
  leaseMs: 6 * secondMs,
  /** Between two tries of somebody who does not hold it, or whose renewal failed. */
  lookMs: 1.5 * secondMs,
} as const;

const { leaseMs, lookMs } = leadershipLimits;

export function startLeadership(options: LeadershipOptions): Leadership {
  const { store, clock, scheduler, log, name, holder } = options;
  let held: Lease | undefined;
  let looking: Promise<void> | undefined;
  let alarm: { cancel(): void } | undefined;
  let deadline: { cancel(): void } | undefined;
  let isStopped = false;

  const isStillOurs = ({ until }: Lease) => isOurs(until, clock.now(), leaseMs);

  function look(): Promise<void> {
    looking ??= lookOnce().finally(() => {
      looking = undefined;
      alarm?.cancel();
      if (!isStopped) alarm = scheduler.after(nextLook(), () => void look());
    });
    return looking;
  }

  const nextLook = () => {
    const isFresh = held && held.until - clock.now() > leaseMs / 2;
    return isFresh ? leaseMs / 3 : lookMs;
  };

  async function lookOnce(): Promise<void> {
    const askedAt = clock.now();
    try {
      if (held && isStillOurs(held)) await renew(held, askedAt);
      else await claim(askedAt);
    } catch (error) {
      log.warn({ lease: name, problem: problemFrom(error) }, 'a lease could not be asked for');
    }
  }

  async function renew(lease: Lease, askedAt: number): Promise<void> {
    const isRenewed = await store.renewLease(lease, askedAt, leaseMs);
    // Lost while we waited for the answer: it was told, and what comes now is a claim of its own.
    if (held !== lease) return;
    if (isRenewed) hold({ ...lease, until: askedAt + leaseMs });
    else lose('somebody else has it');
  }

  async function claim(askedAt: number): Promise<void> {
    if (held) lose('it lapsed');
    if (isStopped) return;
    const lease = await store.claimLease(name, holder, askedAt, leaseMs);
    if (!lease) return;
    // The answer came too late, or to somebody who is leaving.
    if (isStopped || !isStillOurs(lease)) return store.releaseLease(lease);
    hold(lease);
    log.info({ lease: name, fence: lease.fence }, 'this replica holds it now');
    options.taken(lease);
  }

  function hold(lease: Lease): void {
    held = lease;
    watchTheTime(lease);
  }

  /** Beside the looks: one of them may wait for an answer all the while. */
  function watchTheTime(lease: Lease): void {
    deadline?.cancel();
    deadline = scheduler.after(lease.until - leaseMarginMs - clock.now(), () => {
      if (held !== lease) return;
      // A timer of the machine may be a little early.
      if (isStillOurs(lease)) watchTheTime(lease);
      else lose('it could not be renewed in time');
    });
  }

  function lose(why: string): void {
    held = undefined;
    deadline?.cancel();
    log.warn({ lease: name, why }, 'this replica holds it no longer');
    void options.lost();
  }

  void look();

  return {
    current: () => (held && isStillOurs(held) ? held : undefined),
    look,
    async stop() {
      isStopped = true;
      alarm?.cancel();
      deadline?.cancel();
      await looking;
      const lease = held;
      if (!lease) return;
      held = undefined;
      await options.lost();
      await store.releaseLease(lease).catch((error: unknown) => {
        log.warn({ lease: name, problem: problemFrom(error) }, 'a lease lapses by itself');
      });
    },
  };
}
