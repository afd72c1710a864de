/**
 * Keeps a claim while its work takes long, and knows by our own clock when it is over: a process that was paused, or
 * that could not reach the store, begins nothing more before it has asked again.
 */
import { isOurs } from '../core/lease.ts';
import type { Clock, Log, Scheduler } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import type { Claim, Store } from '../core/store.ts';

export interface KeptClaim {
  /** Whether it is ours at this very moment; ask right before each effect. */
  isOurs(): boolean;
  /** Renews it no more, as its work has ended or is left to others: it lapses unless it is released. */
  letGo(): void;
}

export interface KeepClaimContext {
  readonly store: Pick<Store, 'renew'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  readonly leaseMs: number;
}

export function keepClaim(
  { store, clock, scheduler, log, leaseMs }: KeepClaimContext,
  claim: Claim,
): KeptClaim {
  let { until } = claim;
  let isOver = false;
  let timer = scheduler.after(leaseMs / 3, renew);

  function renew(): void {
    const askedAt = clock.now();
    timer = scheduler.after(leaseMs / 3, renew);
    store.renew(claim, askedAt, leaseMs).then(
      (isRenewed) => {
        if (isRenewed) until = Math.max(until, askedAt + leaseMs);
        else letGo();
      },
      (error: unknown) => {
        log.warn({ request: claim.requestId, problem: problemFrom(error) }, 'a claim could not be renewed');
      },
    );
  }

  function letGo(): void {
    isOver = true;
    timer.cancel();
  }

  return {
    isOurs: () => !isOver && isOurs(until, clock.now(), leaseMs),
    letGo,
  };
}
