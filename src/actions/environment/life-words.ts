/** An environment's end and cost in words, for plain text that one person reads. */
import type { ReadContext } from '../../core/action.ts';
import { formatDuration } from '../../core/duration.ts';
import { costNow, type EnvironmentRecord } from '../../core/environment-record.ts';
import type { Moment } from '../../core/ids.ts';
import { centsBetween, type Life } from '../../core/life.ts';
import { moneyText } from '../../core/prices.ts';
import { momentText } from '../../core/time-zone.ts';

export type Reader = Pick<ReadContext, 'catalog' | 'requester' | 'now'>;

/** "Wed 18 Nov, 18:00 CET (in 7h 40m)". */
export function endWords(end: Moment, { catalog, requester, now }: Reader): string {
  const left = end > now ? `in ${formatDuration(end - now)}` : 'being removed';
  return `${momentText(end, requester.timeZone ?? catalog.zone)} (${left})`;
}

/** "Wed 18 Nov, 18:00 CET", as the reader's clock has it. */
export function timeText(at: Moment, { catalog, requester }: Omit<Reader, 'now'>): string {
  return momentText(at, requester.timeZone ?? catalog.zone);
}

/** "for 3h, until Thu 19 Nov, 07:00 CET". */
export function sleepWords({ since, wakesAt }: NonNullable<Life['sleep']>, reader: Reader): string {
  const long = `for ${formatDuration(reader.now - since)}`;
  return wakesAt === undefined
    ? `${long}, until somebody wakes it`
    : `${long}, until ${timeText(wakesAt, reader)}`;
}

/** What it has cost so far and what it costs a day: "0.04 EUR", "2.74 EUR". */
export function costWords(record: EnvironmentRecord, { catalog, now }: Reader) {
  const { prices } = catalog;
  const cents = record.living ? centsBetween(record.life, record.since, now) : 0;
  return {
    soFar: moneyText(cents / 100, prices),
    perDay: moneyText(costNow(record, catalog).perDay, prices),
  };
}

export function blueprintTitle(name: string, { catalog }: Reader): string {
  return catalog.blueprints[name]?.title ?? name;
}

export function teamTitle(name: string, { catalog }: Reader): string {
  return catalog.groups[name]?.title ?? name;
}
