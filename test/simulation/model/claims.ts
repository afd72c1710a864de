/** Who carries what on: one at a time, and only until somebody else was given it. */
import type { Claim } from '../../../src/core/store.ts';
import { BrokenPromise } from '../broken-promise.ts';

export interface Claims {
  given(claim: Claim, now: number): void;
  renewed(claim: Claim, until: number): void;
  givenBack(claim: Claim): void;
  /** Something was written in its name. */
  used(claim: Claim): void;
}

export function createClaims(): Claims {
  const held = new Map<string, Claim>();
  const fences = new Map<string, number>();

  const isHeld = (claim: Claim) => {
    const now = held.get(claim.requestId);
    return now?.holder === claim.holder && now.fence === claim.fence;
  };

  return {
    given(claim, now) {
      const { requestId, holder, fence, until } = claim;
      const before = held.get(requestId);
      if (before && before.until > now) {
        throw new BrokenPromise(
          'one holder',
          `${requestId} was given to ${holder} while ${before.holder} held it`,
        );
      }
      if (fence <= (fences.get(requestId) ?? 0)) {
        throw new BrokenPromise(
          'one holder',
          `${requestId} was given to ${holder} under an old number, ${fence}`,
        );
      }
      fences.set(requestId, fence);
      held.set(requestId, { requestId, holder, fence, until });
    },
    renewed(claim, until) {
      if (!isHeld(claim)) {
        throw new BrokenPromise(
          'one holder',
          `${claim.holder} renewed ${claim.requestId}, which it had lost`,
        );
      }
      held.set(claim.requestId, { ...claim, until });
    },
    givenBack(claim) {
      if (isHeld(claim)) held.delete(claim.requestId);
    },
    used(claim) {
      if (isHeld(claim)) return;
      throw new BrokenPromise('one holder', `${claim.holder} changed ${claim.requestId}, which it had lost`);
    },
  };
}
