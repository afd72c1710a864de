/** Waiting, which every requester can: until when, and the facts of that moment. Pure. */
import { Temporal } from 'temporal-polyfill';
import { hourMs } from '../core/duration.ts';
import type { Facts } from '../core/facts.ts';
import type { Moment } from '../core/ids.ts';
import type { VerdictChange } from '../core/verdict.ts';
import { literalsOf, readsOf, rulesFor } from './field-knobs.ts';
import type { Policy, Rule } from './policy.ts';
import type { Knob } from './unblock.ts';
import { activeWindows, nextStart, timeFacts } from './windows.ts';

/** How far ahead a rule that looks at the clock is followed: a week comes round in it. */
const hoursMax = 8 * 24;
/** Windows that follow upon each other. */
const windowsMax = 20;

/** None when no rule looks at the clock. */
export function waitKnob(policy: Policy, facts: Facts): readonly Knob[] {
  const rules = rulesFor(policy, facts);
  const reads = (name: string) =>
    rules.some((rule) => readsOf(rule).some((path) => path === name || path.startsWith(`${name}.`)));
  const holds = rules.some(({ outcome }) => outcome.kind === 'hold');
  if (!holds && !reads('windows') && !reads('time')) return [];
  const hours =
    reads('time') || reads('windows') ? hoursAfter(facts, hoursNamed(rules, reads('windows'))) : [];
  const moments = [...new Set([...windowEnds(policy, facts.time.at), ...hours])].sort((a, b) => a - b);
  const now = activeWindows(policy, facts.time.at);
  return [moments.map((until) => waitUntil(until, now, policy, facts))];
}

/** The same facts at a later moment. What has been asked for until then is not counted down: it may be asked again. */
export function factsAt(policy: Policy, facts: Facts, at: Moment): Facts {
  const { environment } = facts;
  const hours = (at - facts.time.at) / hourMs;
  return {
    ...facts,
    environment:
      environment.ageHours === 0
        ? environment
        : {
            ...environment,
            ageHours: environment.ageHours + hours,
            idleHours: environment.idleHours + hours,
            hoursLeft: Math.max(0, environment.hoursLeft - hours),
          },
    windows: activeWindows(policy, at).map(({ name }) => name),
    time: timeFacts(facts.time.zone, at),
  };
}

/** When each window next begins; when what is in force now is over, and what is in force then, and so on. */
function windowEnds(policy: Policy, now: Moment): Moment[] {
  const starts = [...policy.windows.values()].map((window) => nextStart(window, now));
  const ends = new Set(starts.filter((moment) => moment !== undefined));
  const waiting = [now];
  for (let at = waiting.shift(); at !== undefined && ends.size < windowsMax; at = waiting.shift()) {
    for (const { until } of activeWindows(policy, at)) {
      if (until === undefined || ends.has(until)) continue;
      ends.add(until);
      waiting.push(until);
    }
  }
  return [...ends];
}

/** The hours of a day at which a rule may say something else; all of them where it looks at windows. */
function hoursNamed(rules: readonly Rule[], all: boolean): (hour: number) => boolean {
  const named = literalsOf(rules, 'time.hour').map(Number);
  // At midnight the weekday changes; the hour after one that is named is the first beyond it.
  return (hour) => all || hour === 0 || named.includes(hour) || named.includes(hour - 1);
}

function hoursAfter({ time }: Facts, isNamed: (hour: number) => boolean): Moment[] {
  const local = Temporal.Instant.fromEpochMilliseconds(time.at).toZonedDateTimeISO(time.zone);
  const first = local.round({ smallestUnit: 'hour', roundingMode: 'floor' });
  return Array.from({ length: hoursMax }, (_, hours) => first.add({ hours: hours + 1 }))
    .filter(({ hour }) => isNamed(hour))
    .map((moment) => moment.epochMilliseconds);
}

function waitUntil(
  until: Moment,
  now: ReturnType<typeof activeWindows>,
  policy: Policy,
  { time }: Facts,
): VerdictChange {
  const then = activeWindows(policy, until).map(({ name }) => name);
  return {
    kind: 'wait',
    from: time.at,
    until,
    windows: now.filter(({ name }) => !then.includes(name)).map(({ title }) => title),
  };
}
