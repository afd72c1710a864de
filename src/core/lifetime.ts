/** How an environment's life goes to its end: when people are told, and what they can do about it. */
import { hourMs } from './duration.ts';
import type { Moment } from './ids.ts';
import type { Nights } from './life.ts';

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

/** `keepFor`: for how long the catalog lets one be kept, if at all. */
export function endOffers(
  name: string,
  { isAsleep, keepFor }: { readonly isAsleep: boolean; readonly keepFor: string | undefined },
): readonly Offer[] {
  const offer = (label: string, verb: string, rest = '', input = {}): Offer => ({
    label,
    commandLine: `/env ${verb} ${name}${rest}`,
    action: `environment.${verb}`,
    input: { name, ...input },
  });
  const extend = (by: string) => offer(`Extend by ${by}`, 'extend', ` by ${by}`, { by });
  // Asleep it costs little, so that its end can wait for whoever made it to come back.
  const sleep = (by: string) => offer(`Sleep, and end ${by} later`, 'sleep', ` by ${by}`, { by });
  return [
    extend('4h'),
    extend('1d'),
    isAsleep ? offer('Wake', 'wake') : sleep('3d'),
    ...(keepFor === undefined ? [] : [offer(`Keep for ${keepFor}`, 'keep')]),
    offer('Destroy now', 'destroy'),
  ];
}

/** "20:00 to 07:00", for people. */
export function nightsText(nights: Nights | 'default'): string {
  if (nights === 'off') return 'never by itself';
  if (nights === 'default') return 'as all others do';
  return `${nights.from} to ${nights.to}`;
}
