/** What an environment costs, by the catalog's prices. */
import type { Catalog } from './catalog.ts';
import { hourMs } from './duration.ts';
import type { CostFacts } from './facts.ts';

export type Prices = Catalog['prices'];

/** CPU in cores, memory in GiB, for the whole environment. */
export interface Size {
  readonly cpu: number;
  readonly memoryGi: number;
}

/** In the catalog's currency. */
export function costOf(size: Size, prices: Pick<Prices, 'cpuHour' | 'memoryGiHour'>): CostFacts {
  const perHour = size.cpu * prices.cpuHour + size.memoryGi * prices.memoryGiHour;
  return { perHour, perDay: perHour * 24 };
}

export function costDuring(ms: number, { perHour }: CostFacts): number {
  return (perHour * ms) / hourMs;
}

/** What is still paid for while it sleeps: its storage and its claims. */
export function asleepCost({ perHour }: CostFacts, { asleepShare }: Pick<Prices, 'asleepShare'>): CostFacts {
  return { perHour: perHour * asleepShare, perDay: perHour * asleepShare * 24 };
}

/** `2.74 EUR`. */
export function moneyText(amount: number, { currency }: Pick<Prices, 'currency'>): string {
  return `${amount.toFixed(2)} ${currency}`;
}
