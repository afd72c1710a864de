/** The primary rate limit, by token and hour. https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
import { type Caller, GithubError } from './http.ts';
import type { GithubState } from './state.ts';

/** Requests an hour for an installation token. */
const rateLimitNormal = 5_000;
const windowMs = 3_600_000;

interface Bucket {
  limit: number;
  used: number;
  resetAt: number;
}

export interface RateLimits {
  /** Counts one call. @throws GithubError 403 when nothing is left. */
  spend(caller: Caller): void;
  /** A 304 costs nothing: gives the call back. */
  giveBack(caller: Caller): void;
  headers(caller: Caller): Record<string, string>;
  /** How `GET /rate_limit` says it. */
  overview(caller: Caller): { limit: number; used: number; remaining: number; reset: number };
  /** For the control API: what is left, for every token. */
  setRemaining(remaining: number): void;
  /** Every window is full again. */
  reset(): void;
}

export function createRateLimits(state: GithubState): RateLimits {
  const buckets = new Map<string, Bucket>();
  let startRemaining = rateLimitNormal;

  const bucketOf = (caller: Caller): Bucket => {
    const now = state.clock.now();
    const known = buckets.get(caller.bucket);
    if (known && known.resetAt > now) return known;
    // A new window is full again, whatever the control API had taken away from the last one.
    const used = known ? 0 : rateLimitNormal - startRemaining;
    const fresh = { limit: rateLimitNormal, used, resetAt: now + windowMs };
    buckets.set(caller.bucket, fresh);
    return fresh;
  };
  const overview = (caller: Caller) => {
    const { limit, used, resetAt } = bucketOf(caller);
    return { limit, used, remaining: Math.max(0, limit - used), reset: Math.ceil(resetAt / 1_000) };
  };
  const headers = (caller: Caller) => {
    const { limit, used, remaining, reset } = overview(caller);
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-used': String(used),
      'x-ratelimit-reset': String(reset),
      'x-ratelimit-resource': 'core',
    };
  };

  return {
    spend(caller) {
      const bucket = bucketOf(caller);
      if (bucket.used >= bucket.limit) {
        const who = caller.kind === 'installation' ? 'installation ID' : 'user ID';
        throw new GithubError(
          403,
          `API rate limit exceeded for ${who} ${caller.kind === 'installation' ? state.app.installationId : caller.account.id}.`,
          {
            headers: headers(caller),
            documentationUrl: 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api',
          },
        );
      }
      bucket.used += 1;
    },
    giveBack(caller) {
      bucketOf(caller).used -= 1;
    },
    headers,
    overview,
    setRemaining(remaining) {
      startRemaining = remaining;
      for (const bucket of buckets.values()) bucket.used = bucket.limit - remaining;
    },
    reset() {
      startRemaining = rateLimitNormal;
      buckets.clear();
    },
  };
}
