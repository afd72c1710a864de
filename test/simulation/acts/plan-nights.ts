/** The acts of environments that are put to sleep and woken: planned apart, so that those of other seeds stay as they are. */
import { minuteMs, secondMs } from '../../../src/core/duration.ts';
import { type Dice, diceOf } from '../chance.ts';
import type { Plan } from '../plan.ts';
import { everybody, max, priya, sam } from '../world/people.ts';
import type { Deed } from './act.ts';
import { answer, click } from './answer.ts';
import { ask, type Wish } from './ask.ts';

/** `add` gives the name of the act. */
export function planNights({ seed, lengthMs }: Plan, add: (atMs: number, deed: Deed) => string): void {
  const dice = diceOf(seed, 'nights');
  if (!dice.happens(0.12)) return;
  const name = 'dusk';
  const begin = dice.whole(0, 5 * secondMs);
  const wants = (atMs: number, wish: Wish): string => {
    const by = dice.oneOf(everybody);
    const about = add(atMs, ask({ by, ...wish, isEmergency: false }));
    if (dice.happens(0.35)) add(atMs + dice.whole(300, 5_000), click('cancel', { about, by }));
    return about;
  };
  const ttl = dice.oneOf(['10m', '15m']);
  add(begin, ask({ by: priya, ...created(name, ttl), isEmergency: false }));
  for (let many = dice.whole(3, 9); many > 0; many--) {
    // Soon after it was made, while it lives, or when its time is nearly over.
    const until = dice.oneOf([minuteMs, lengthMs, 3 * minuteMs, 14 * minuteMs]);
    const atMs = begin + dice.whole(15 * secondMs, until);
    const wish = wishOf(dice, name);
    const about = wants(atMs, wish);
    if (wish.input.by === undefined) continue;
    add(atMs + dice.whole(2, 30) * secondMs, yes(about, dice));
  }
}

const created = (name: string, ttl: string): Wish => ({
  action: 'environment.create',
  input: { name, blueprint: 'web-service', ttl },
});

function wishOf(dice: Dice, name: string): Wish {
  const action = dice.oneOf([
    'environment.sleep',
    'environment.sleep',
    'environment.wake',
    'environment.wake',
  ]);
  const isLonger = action === 'environment.sleep' && dice.happens(0.25);
  if (dice.happens(0.1)) return { action: 'environment.destroy', input: { name } };
  return { action, input: { name, ...(isLonger ? { by: '10m' } : {}) } };
}

function yes(about: string, dice: Dice): Deed {
  return answer({
    ...{ about, by: dice.oneOf([priya, max, sam]), decision: 'approve' },
    ...{ isStale: false, hasNote: true, hasCode: true },
  });
}
