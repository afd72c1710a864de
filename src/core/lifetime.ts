/** How an environment's life goes to its end: when people are told, and what they can do about it. */
import { hourMs } from './duration.ts';
import type { Moment } from './ids.ts';

/** An hour is enough to react; of a shorter life, a quarter. */
const noticeMax = hourMs;
const noticeShare = 1 / 4;

/** When the end is announced. `from`: when this end was set. */
export function announceAt(from: Moment, end: Moment): Moment {
  return end - Math.min(noticeMax, Math.max(0, Math.floor((end - from) * noticeShare)));
}

/** Something that can be asked for, ready to be: as a line, and as what the line says. */
export interface Offer {
  readonly label: string;
  readonly commandLine: string;
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export function endOffers(name: string): readonly Offer[] {
  const extend = (by: string): Offer => ({
    label: `Extend by ${by}`,
    commandLine: `/env extend ${name} by ${by}`,
    action: 'environment.extend',
    input: { name, by },
  });
  const destroy: Offer = {
    label: 'Destroy now',
    commandLine: `/env destroy ${name}`,
    action: 'environment.destroy',
    input: { name },
  };
  return [extend('4h'), extend('1d'), destroy];
}
