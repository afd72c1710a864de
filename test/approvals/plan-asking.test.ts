/** When people are asked and reminded, for any time to answer and any sleep of ours. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AskingQuestion, planAsking, reminders } from '../../src/approvals/plan-asking.ts';
import type { Candidate } from '../../src/approvals/whom-to-ask.ts';
import { advance } from '../../src/core/advance.ts';
import { dayMs, hourMs, minuteMs } from '../../src/core/duration.ts';
import { apply } from '../../src/core/fold.ts';
import type { Moment } from '../../src/core/ids.ts';
import type { PlatformRequest, RequestEvent } from '../../src/core/request.ts';
import type { Requirement } from '../../src/core/verdict.ts';
import { evaluated, lee, max, requestAfter, requirement, review, sam } from '../core/requests.ts';

/** Wednesday 2026-11-18, 10:00 in Berlin. */
const morning = Date.UTC(2026, 10, 18, 9);

function waiting(more: Partial<Requirement> = {}, at = morning): PlatformRequest {
  const wanted = requirement({ expiresAfterMs: dayMs, ...more });
  const event = { ...evaluated('require_approval', { requirements: [wanted] }), at };
  return requestAfter(event);
}

const berlin = (who = sam, more: Partial<Candidate> = {}, ...groups: string[]): Candidate => ({
  standing: { person: { ...who, timeZone: 'Europe/Berlin' }, groups: groups.length > 0 ? groups : ['sre'] },
  ...{ isOnCall: false, isAway: false, ...more },
});

interface Played {
  readonly request: PlatformRequest;
  readonly events: readonly RequestEvent[];
}

/** Looks whenever the plan says so, but never while asleep. */
function play(
  start: PlatformRequest,
  question: Omit<AskingQuestion, 'request' | 'now'>,
  until: Moment,
  asleep: [Moment, Moment] = [0, 0],
): Played {
  let request = start;
  const events: RequestEvent[] = [];
  let now = start.updatedAt;
  while (now < until) {
    const plan = planAsking({ ...question, request, now });
    for (const command of plan.commands) {
      const advanced = advance(request, command, now);
      if (!advanced.ok) throw new Error(advanced.problem.sentence);
      events.push(...advanced.events);
      request = advanced.events.reduce(apply, request);
    }
    // A look that finds nothing to do lies in the future, or it would never end.
    if (plan.again <= now) throw new Error(`again at ${plan.again}, and it is ${now}`);
    now = plan.again > asleep[0] && plan.again < asleep[1] ? asleep[1] : plan.again;
  }
  return { request, events };
}

const brief = ({ events }: Played) =>
  events.map((event) => {
    const hours = (event.at - morning) / hourMs;
    if (event.type === 'escalated') return `${hours} escalated`;
    const people = 'people' in event ? event.people.map(({ name }) => name) : [];
    return [hours, event.type, ...people, ...('isLast' in event ? ['last'] : [])].join(' ');
  });
const among = (...candidates: Candidate[]) => ({ candidates, authorEmails: [] });

describe('a request that waits a day', () => {
  test('asks at once, reminds when an eighth, a quarter and half of it is over, and once before the end', () => {
    const all = play(waiting(), among(berlin(sam, { isOnCall: true })), morning + dayMs);
    expect(brief(all)).toEqual([
      '0 asked sam',
      '3 reminded sam',
      '6 reminded sam',
      '12 reminded sam',
      '21 reminded sam last',
    ]);
  });

  test('leaves who sleeps alone until the morning, and tells its requester before the end all the same', () => {
    const evening = play(waiting({}, morning + 8 * hourMs), among(berlin(sam)), morning + 32 * hourMs);
    // 18:00; the reminders of 21:00, 00:00 and 06:00 become one at 08:00, and the last is due at 15:00.
    expect(brief(evening)).toEqual(['8 asked sam', '22 reminded sam', '29 reminded sam last']);
    const short = play(
      waiting({ expiresAfterMs: 8 * hourMs }, morning + 12 * hourMs),
      among(berlin(sam)),
      morning + 20 * hourMs,
    );
    expect(brief(short)).toEqual(['12 asked sam', '19 reminded last']);
  });

  test('reminds those who have not been asked before those who have', () => {
    const all = play(waiting(), among(berlin(sam), berlin(max), berlin(lee)), morning + 7 * hourMs);
    expect(brief(all)).toEqual(['0 asked sam max', '3 reminded lee', '6 reminded sam max lee']);
  });

  test('leaves whoever is away alone as long as somebody else can answer', () => {
    const away = berlin(lee, { isAway: true });
    const both = play(waiting(), among(berlin(sam), away), morning + 7 * hourMs);
    expect(brief(both)).toEqual(['0 asked sam', '3 reminded sam', '6 reminded sam']);
    const alone = play(waiting(), among(away), morning + 7 * hourMs);
    expect(brief(alone)).toEqual(['0 asked lee', '3 reminded lee', '6 reminded lee']);
  });

  test('lets its fallback in after its time, which is asked as well', () => {
    const escalating = waiting({ escalates: { to: ['leads'], afterMs: hourMs } });
    const people = among(berlin(sam), berlin(lee, {}, 'leads'));
    expect(brief(play(escalating, people, morning + 2 * hourMs))).toEqual([
      '0 asked sam',
      '1 escalated',
      '1 asked lee',
    ]);
  });

  test('asks nobody while it waits for its requester', () => {
    const asked = apply(waiting(), {
      type: 'reviewed',
      at: morning,
      review: review(sam, { decision: 'request_changes' }),
    });
    const plan = planAsking({ request: asked, ...among(berlin(sam), berlin(max)), now: morning });
    expect(plan).toEqual({ commands: [], again: morning + dayMs });
  });

  test('says once that there is nobody, and asks who comes', () => {
    const nobody = play(waiting(), among(), morning + 2 * hourMs);
    expect(brief(nobody)).toEqual(['0 asked']);
    const { request } = nobody;
    const plan = planAsking({ request, ...among(berlin(sam)), now: morning + 2 * hourMs });
    expect(plan.commands).toMatchObject([{ type: 'ask', people: [{ name: 'sam' }] }]);
  });
});

test('what has answered no longer counts as asked, and what was read before this was kept only waits for its end', () => {
  const first = play(waiting({ count: 2 }), among(berlin(sam), berlin(max)), morning + hourMs).request;
  const answered = apply(first, { type: 'reviewed', at: morning + hourMs, review: review(sam) });
  const plan = planAsking({
    request: answered,
    ...among(berlin(sam), berlin(max), berlin(lee)),
    now: morning + hourMs,
  });
  expect(plan.commands).toMatchObject([{ type: 'ask', people: [{ name: 'lee' }] }]);
  const met = apply(waiting(), { type: 'reviewed', at: morning, review: review(max) });
  expect(planAsking({ request: met, ...among(berlin(sam)), now: morning }).commands).toEqual([]);
  const { email: _email, ...nameless } = review(max);
  const half = apply(waiting({ count: 2 }), { type: 'reviewed', at: morning, review: nameless });
  expect(
    planAsking({ request: half, ...among(berlin(sam), berlin(max)), now: morning }).commands,
  ).toMatchObject([{ type: 'ask', people: [{ name: 'sam' }] }]);
  const { asking: _asking, ...old } = waiting();
  expect(planAsking({ request: old, ...among(berlin(sam)), now: morning })).toEqual({
    commands: [],
    again: morning + dayMs,
  });
  const { answerBy: _answerBy, ...endless } = old;
  expect(planAsking({ request: endless, ...among(), now: morning }).again).toBe(morning);
});

test('for any time to answer and any sleep: a few reminders, apart from one another, one for all that was missed', () => {
  const span = fc.integer({ min: 1, max: 14 * 24 * 60 }).map((minutes) => minutes * minuteMs);
  const start = fc.integer({ min: 0, max: 24 * 60 }).map((minutes) => morning + minutes * minuteMs);
  fc.assert(
    fc.property(span, start, span, span, fc.boolean(), (expiresAfterMs, at, from, length, isOnCall) => {
      const end = at + expiresAfterMs;
      const people = among(berlin(sam, { isOnCall }), berlin(max));
      const sleep: [Moment, Moment] = [at + from, at + from + length];
      const { events } = play(waiting({ expiresAfterMs }, at), people, end, sleep);
      const reminded = events.flatMap((event) => (event.type === 'reminded' ? [event] : []));
      expect(reminded.length).toBeLessThanOrEqual(reminders.shares.length);
      expect(events.filter(({ type }) => type === 'asked').length).toBeLessThanOrEqual(2);
      const moments = events.map((event) => event.at);
      for (const [index, moment] of moments.slice(1).entries()) {
        if (reminded.some((one) => one.at === moment)) {
          expect(moment - (moments[index] ?? 0)).toBeGreaterThanOrEqual(reminders.gapMinMs);
        }
      }
      expect(reminded.filter(({ isLast }) => isLast).length).toBeLessThanOrEqual(1);
      expect(reminded.slice(0, -1).every(({ isLast }) => !isLast)).toBe(true);
      // One for all that was missed.
      expect(reminded.filter((one) => one.at === sleep[1]).length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 200 },
  );
});
