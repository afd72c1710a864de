/** The acts of environments that somebody removes by hand: planned apart, so that those of other seeds stay as they are. */
import { secondMs } from '../../../src/core/duration.ts';
import { diceOf } from '../chance.ts';
import type { Plan } from '../plan.ts';
import { everybody, max, priya } from '../world/people.ts';
import type { Deed } from './act.ts';
import { ask } from './ask.ts';
import { removeByHand } from './by-hand.ts';
import { leaveGroups } from './worldly.ts';

/** `add` gives the name of the act. */
export function planHands(
  { seed, lengthMs, isWatched }: Plan,
  add: (atMs: number, deed: Deed) => string,
): void {
  if (!isWatched) return;
  const dice = diceOf(seed, 'what hands do');
  const name = 'shed';
  const wants = (atMs: number, action: string, input: Readonly<Record<string, unknown>>) =>
    add(atMs, ask({ by: dice.oneOf(everybody), action, input: { name, ...input }, isEmergency: false }));
  const create = (atMs: number) =>
    wants(atMs, 'environment.create', { blueprint: 'web-service', ttl: dice.oneOf(['10m', '15m']) });

  create(dice.whole(0, 5 * secondMs));
  const goneMs = dice.whole(15 * secondMs, lengthMs);
  // At the same time as somebody asks for it, in the middle of its own removal, or after all.
  const isAsked = dice.happens(0.4);
  if (isAsked) wants(goneMs - dice.whole(0, 6) * secondMs, 'environment.destroy', {});
  if (!isAsked || dice.happens(0.5)) add(goneMs, removeByHand(name));
  if (dice.happens(0.3)) wants(goneMs - 10 * secondMs, 'environment.sleep', {});
  if (dice.happens(0.3)) create(goneMs + dice.whole(1, 60) * secondMs);
  if (dice.happens(0.3)) add(goneMs + dice.whole(1, 200) * secondMs, removeByHand(name));
  if (dice.happens(0.2)) wants(goneMs + dice.whole(0, 90) * secondMs, 'environment.extend', { by: '10m' });
  if (dice.happens(0.3)) add(dice.whole(0, lengthMs), leaveGroups(dice.oneOf([priya, max])));
}
