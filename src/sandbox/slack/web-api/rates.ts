/**
 * Rate tiers: a bucket per method that fills with the sandbox's time. The numbers per minute are Slack's own; the
 * bursts are ours, a minute's worth at least, because Slack documents none ("generous bursts").
 */
import type { WorldClock } from '../../clock.ts';
import type { Tier } from './method.ts';

interface Rate {
  readonly perMinute: number;
  readonly burst: number;
  readonly source: string;
}

const rates: Record<Tier, Rate> = {
  1: { perMinute: 1, burst: 20, source: 'docs: rate-limits, tier 1' },
  2: { perMinute: 20, burst: 40, source: 'docs: rate-limits, tier 2' },
  3: { perMinute: 50, burst: 100, source: 'docs: rate-limits, tier 3' },
  4: { perMinute: 100, burst: 200, source: 'docs: rate-limits, tier 4' },
  special: { perMinute: 300, burst: 600, source: 'docs: auth.test, chat.getPermalink: hundreds per minute' },
  /** Per channel: one a second, "short bursts above that are allowed". */
  post: { perMinute: 60, burst: 30, source: 'docs: rate-limits, posting messages' },
};

export interface RateLimiter {
  /** Takes one call; the seconds to wait when there is none left. */
  take(key: string, tier: Tier): number | undefined;
  reset(): void;
}

/** @param unlimited methods of which it takes as many as come. */
export function createRateLimiter(clock: WorldClock, unlimited: readonly string[] = []): RateLimiter {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    take(key, tier) {
      if (unlimited.includes(key)) return undefined;
      const { perMinute, burst } = rates[tier];
      const now = clock.now();
      const before = buckets.get(key) ?? { left: burst, at: now };
      const left = Math.min(burst, before.left + ((now - before.at) / 60_000) * perMinute);
      const isAllowed = left >= 1;
      buckets.set(key, { left: isAllowed ? left - 1 : left, at: now });
      return isAllowed ? undefined : Math.max(1, Math.ceil(((1 - left) / perMinute) * 60));
    },
    reset: () => buckets.clear(),
  };
}
