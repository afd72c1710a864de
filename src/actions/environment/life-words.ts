/** An environment's end and cost in words, for plain text that one person reads. */
import type { ReadContext } from '../../core/action.ts';
import { formatDuration } from '../../core/duration.ts';
import type { EnvironmentRecord } from '../../core/environment-record.ts';
import type { Moment } from '../../core/ids.ts';
import { costDuring, costOf, moneyText } from '../../core/prices.ts';
import { momentText } from '../../core/time-zone.ts';

export type Reader = Pick<ReadContext, 'catalog' | 'requester' | 'now'>;

/** "Wed 18 Nov, 18:00 CET (in 7h 40m)". */
export function endWords(end: Moment, { catalog, requester, now }: Reader): string {
  const left = end > now ? `in ${formatDuration(end - now)}` : 'being removed';
  return `${momentText(end, requester.timeZone ?? catalog.zone)} (${left})`;
}

/** What it has cost so far and what it costs a day: "0.04 EUR", "2.74 EUR". */
export function costWords({ size, since }: EnvironmentRecord, { catalog, now }: Reader) {
  const { prices } = catalog;
  const cost = costOf(size, prices);
  return {
    soFar: moneyText(costDuring(now - since, cost), prices),
    perDay: moneyText(cost.perDay, prices),
  };
}

export function blueprintTitle(name: string, { catalog }: Reader): string {
  return catalog.blueprints[name]?.title ?? name;
}

export function teamTitle(name: string, { catalog }: Reader): string {
  return catalog.groups[name]?.title ?? name;
}
