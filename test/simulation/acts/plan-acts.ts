/** What people do, decided beforehand: each act has a name, so that it can be left out of another run of the same seed. */
import { secondMs } from '../../../src/core/duration.ts';
import type { Person } from '../../../src/core/person.ts';
import { type Dice, diceOf } from '../chance.ts';
import type { Plan } from '../plan.ts';
import { allRules, type Rules } from '../rules.ts';
import { versions } from '../world/forge.ts';
import { everybody, max, olga, priya, priyaAgain, sam } from '../world/people.ts';
import { plans, thingNames } from '../world/thing-action.ts';
import type { Act, Deed } from './act.ts';
import { answer, click, edit } from './answer.ts';
import { ask, type Wish } from './ask.ts';
import { planHands } from './plan-hands.ts';
import { planNights } from './plan-nights.ts';
import { planWays } from './plan-ways.ts';
import { changeRules, deleteMessage, leave, leaveGroups, push } from './worldly.ts';

export function actsOf(plan: Plan): readonly Act[] {
  const { seed, lengthMs, theme } = plan;
  const isAboutAnswers = theme === 'answers';
  const dice = diceOf(seed, 'acts');
  const acts: Act[] = [];
  const add = (atMs: number, deed: Deed): string => {
    const name = `act ${acts.length + 1}`;
    acts.push({ name, atMs, deed });
    return name;
  };
  // The hand that a seed plays with: what is decided rarely in most seeds happens all the time in some.
  const moods = {
    emergency: dice.oneOf([0, 0, 0.4]),
    own: dice.oneOf([0.05, 0.3]),
    stale: dice.oneOf([0, 0.3]),
    moving: dice.oneOf([0, 0.5]),
    deploying: dice.oneOf([0, 0, 0.8]),
    leaving: dice.oneOf(isAboutAnswers ? [0, 0.15, 0.3] : [0, 0, 0.2]),
  };
  // Cancelled in mid-step: decided apart, so that the other seeds stay as they are.
  const haste = diceOf(seed, 'haste');
  const isHasty = haste.happens(0.25);
  const asks = isAboutAnswers ? dice.whole(2, 4) : dice.oneOf([1, 2, 2, 3, 3, 4, 6]);
  for (let index = 0; index < asks; index++) {
    const atMs = dice.whole(0, lengthMs * 0.7);
    const by = dice.oneOf(everybody);
    const asked = isAboutAnswers
      ? aThing(dice)
      : dice.happens(moods.deploying)
        ? aDeploy(dice)
        : askedBy(dice, by);
    const isEmergency = asked.action === 'thing.change' && dice.happens(moods.emergency);
    const about = add(
      atMs,
      ask({
        ...{ by, ...asked, isEmergency },
        ...(dice.happens(0.25) ? { againMs: dice.whole(0, 5 * secondMs) } : {}),
      }),
    );
    if (!['thing.change', 'environment.create', 'deploy'].includes(asked.action)) continue;
    if (isHasty && haste.happens(0.6)) {
      add(atMs + haste.whole(500, 12_000), click('cancel', { about, by }));
    }
    const follows = isAboutAnswers ? dice.whole(3, 7) : dice.whole(1, 5);
    for (let follow = 0; follow < follows; follow++) {
      const laterMs = atMs + dice.whole(0, dice.oneOf([3, 20, 90]) * secondMs);
      const who = dice.happens(moods.own) ? by : dice.oneOf(dice.happens(0.8) ? approvers : everybody);
      add(
        laterMs,
        answerTo(dice, about, who, {
          ...moods,
          asker: by,
          isAgreed: (isAboutAnswers || asked.action === 'deploy') && dice.happens(0.6),
        }),
      );
      if (dice.happens(moods.leaving)) {
        const goes = dice.oneOf([leave, leaveGroups]);
        add(Math.max(0, laterMs + dice.whole(-2, 6) * secondMs), goes(who));
      }
    }
    // What would go out moves while people look at it.
    if (dice.happens(moods.moving)) {
      add(atMs + dice.whole(0, 20) * secondMs, push(`c${dice.whole(2, 999)}`));
    }
    if (isEmergency && dice.happens(0.6)) {
      const later = atMs + dice.whole(5, 90) * secondMs;
      add(later, click('look afterwards', { about, by: dice.oneOf(everybody) }));
    }
  }
  for (let index = dice.whole(0, 3); index > 0; index--) add(dice.whole(0, lengthMs), worldly(dice));
  planNights(plan, add);
  planHands(plan, add);
  planWays(plan, add);
  return acts;
}

/** What is in force at the beginning. */
export function firstRules({ seed, theme }: Plan): Rules {
  const fit = theme === 'answers' ? allRules.filter(({ yes }) => yes) : allRules;
  return diceOf(seed, 'rules').oneOf(fit);
}

/** Those whom the guardrails ask. */
const approvers = [priya, max, sam, olga, priyaAgain];

function askedBy(dice: Dice, by: Person): Wish {
  const roll = dice.draw();
  if (roll < 0.08) {
    const environment = dice.oneOf(['staging', 'production']);
    const span = dice.oneOf(['5m', '6m']);
    return {
      action: 'lock.take',
      input: { service: 'payments', environment, for: span, reason: 'hands off' },
    };
  }
  if (roll < 0.11) return { action: 'lock.release', input: { service: 'payments', environment: 'staging' } };
  if (roll < 0.18) {
    const to = dice.oneOf(everybody.filter(({ id }) => id !== by.id)).email ?? '';
    return { action: 'approver.delegate', input: { to, until: dice.oneOf(['1d', '2d']), note: 'away' } };
  }
  if (roll < 0.32) {
    const name = dice.oneOf(['one', 'two']);
    const more = dice.happens(0.5) ? { cpu: dice.oneOf([6, 8]) } : {};
    const ways = [
      {
        action: 'environment.create',
        input: { name, blueprint: 'web-service', ttl: dice.oneOf(['10m', '15m']), ...more },
      },
      { action: 'environment.destroy', input: { name } },
      { action: 'environment.extend', input: { name, by: '10m' } },
    ];
    return dice.oneOf([...ways.slice(0, 1), ...ways]);
  }
  return roll < 0.36 ? aDeploy(dice) : aThing(dice);
}

function aDeploy(dice: Dice): Wish {
  const environment = dice.oneOf(['staging', 'production']);
  return { action: 'deploy', input: { service: 'payments', version: dice.oneOf(versions), environment } };
}

function aThing(dice: Dice): Wish {
  return {
    action: 'thing.change',
    input: { name: dice.oneOf(thingNames), plan: dice.oneOf(plans), size: dice.whole(4, 9) },
  };
}

function answerTo(
  dice: Dice,
  about: string,
  by: Person,
  { stale, asker, isAgreed }: { readonly stale: number; readonly asker: Person; readonly isAgreed: boolean },
): Deed {
  const roll = isAgreed ? 1 : dice.draw();
  const asking = dice.happens(0.7) ? asker : by;
  if (roll < 0.08) return click('cancel', { about, by: asking });
  if (roll < 0.12) return click('withdraw', { about, by });
  if (roll < 0.18) return edit({ about, by: asking, size: dice.whole(1, 9) });
  const decision = roll < 0.21 ? 'deny' : roll < 0.28 ? 'request_changes' : 'approve';
  return answer({
    ...{ about, by, decision },
    isStale: dice.happens(stale),
    hasNote: decision !== 'approve' || dice.happens(0.7),
    hasCode: dice.happens(0.7),
    ...(decision === 'approve' && dice.happens(0.1) ? { narrowTo: dice.whole(1, 3) } : {}),
    ...(dice.happens(0.25) ? { againMs: dice.whole(0, 4 * secondMs) } : {}),
  });
}

function worldly(dice: Dice): Deed {
  const roll = dice.draw();
  if (roll < 0.35) return changeRules(dice.oneOf(allRules));
  if (roll < 0.6) return push(`c${dice.whole(2, 999)}`);
  if (roll < 0.72) return leave(dice.oneOf(everybody));
  if (roll < 0.85) return leaveGroups(dice.oneOf(everybody));
  return deleteMessage(dice.draw());
}
