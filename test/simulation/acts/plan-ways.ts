/** The acts of deploys by pull request and by image: planned apart, so that those of other seeds stay as they are. */
import { secondMs } from '../../../src/core/duration.ts';
import { diceOf } from '../chance.ts';
import type { Plan } from '../plan.ts';
import { versions } from '../world/forge.ts';
import { dana, everybody, lee, max, olga, priya, sam } from '../world/people.ts';
import type { Deed } from './act.ts';
import { answer, click } from './answer.ts';
import { ask } from './ask.ts';

/** `add` gives the name of the act. */
export function planWays({ seed, lengthMs }: Plan, add: (atMs: number, deed: Deed) => string): void {
  const dice = diceOf(seed, 'ways');
  if (!dice.happens(0.12)) return;
  const services = dice.oneOf([['checkout'], ['search'], ['checkout', 'search']]);
  for (let many = dice.whole(2, 5); many > 0; many--) {
    const atMs = dice.whole(0, lengthMs * 0.7);
    const by = dice.oneOf([dana, lee, ...everybody]);
    const service = dice.oneOf(services);
    const environment = dice.oneOf(['staging', 'staging', 'production']);
    const input = { service, version: dice.oneOf(versions), environment };
    const about = add(atMs, ask({ by, action: 'deploy', input, isEmergency: false }));
    if (dice.happens(0.25)) add(atMs + dice.whole(1, 40) * secondMs, click('cancel', { about, by }));
    const first = dice.oneOf([priya, max]);
    for (const who of [first, dice.oneOf([sam, olga])]) {
      add(
        atMs + dice.whole(2, 20) * secondMs,
        answer({
          ...{ about, by: who, decision: 'approve' },
          ...{ isStale: false, hasNote: true, hasCode: true },
        }),
      );
    }
  }
}
