/** Who is mentioned when an answer is wanted, for any people, groups and clocks. */
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { counts } from '../../src/approvals/eligibility.ts';
import {
  asking,
  type Candidate,
  isReachable,
  type WhomToAsk,
  whoCanStillAnswer,
  whomToAsk,
} from '../../src/approvals/whom-to-ask.ts';
import { personIdSchema } from '../../src/core/ids.ts';
import { isSamePerson, personKinds } from '../../src/core/person.ts';
import { awakeAt, isAwake } from '../../src/core/waking-hours.ts';
import { dana, lee, max, person, priya, requirement, sam } from '../core/requests.ts';

/** Wednesday 2026-11-18, 10:00 in Berlin and 04:00 in New York. */
const now = Date.UTC(2026, 10, 18, 9);
const berlin = 'Europe/Berlin';
const newYork = 'America/New_York';

function candidate(
  who = sam,
  more: Partial<Candidate> & { zone?: string; groups?: string[] } = {},
): Candidate {
  const { zone = berlin, groups = ['sre'], ...rest } = more;
  return {
    standing: { person: { ...who, timeZone: zone }, groups },
    isOnCall: false,
    isAway: false,
    ...rest,
  };
}

function question(more: Partial<WhomToAsk> & { count?: number; missing?: number } = {}): WhomToAsk {
  const { count = 1, missing = count, ...rest } = more;
  return {
    parts: [{ requirement: requirement({ count }), approvals: [], missing }],
    candidates: [],
    askers: [dana],
    authorEmails: [],
    asked: new Set(),
    answered: [],
    escalated: [],
    now,
    ...rest,
  };
}
const names = (asked: WhomToAsk) => whomToAsk(asked).map(({ name }) => name);

describe('who is asked', () => {
  const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => candidate(person(name)));

  test('is as many as are missing and one more, not the whole group, and five at most', () => {
    expect(names(question({ candidates: six }))).toEqual(['a', 'b']);
    expect(names(question({ candidates: six, count: 3 }))).toEqual(['a', 'b', 'c', 'd']);
    expect(names(question({ candidates: six, count: 3, missing: 1 }))).toEqual(['a', 'b']);
    expect(names(question({ candidates: six, count: 20 }))).toHaveLength(asking.atOnceMax);
    expect(names(question({ candidates: six, missing: 0 }))).toEqual([]);
  });

  test('is who is on call first, then who is awake; who sleeps is left alone while others are enough', () => {
    const asleep = candidate(priya, { zone: newYork });
    const onCall = candidate(max, { zone: newYork, isOnCall: true });
    expect(names(question({ candidates: [asleep, candidate(sam), onCall] }))).toEqual(['max', 'sam']);
    expect(names(question({ candidates: [asleep, candidate(sam)] }))).toEqual(['sam']);
    expect(names(question({ candidates: [asleep, candidate(lee, { zone: newYork })] }))).toEqual(['priya']);
  });

  test('is who has lent their voice to somebody only when there is nobody else', () => {
    const away = candidate(sam, { isOnCall: true, isAway: true });
    expect(names(question({ candidates: [away, candidate(max)] }))).toEqual(['max']);
    expect(names(question({ candidates: [away] }))).toEqual(['sam']);
  });

  test('is nobody anew while those who were asked are enough, and the next when one of them has gone', () => {
    const asked = new Set([personIdSchema.parse('U0A'), personIdSchema.parse('U0B')]);
    expect(names(question({ candidates: six, asked }))).toEqual([]);
    expect(names(question({ candidates: six.slice(1), asked }))).toEqual(['c']);
    expect(names(question({ candidates: six, asked, answered: [person('a')] }))).toEqual(['c']);
  });

  test('counts for two requirements at once when they may meet both', () => {
    const both = candidate(sam, { groups: ['sre', 'leads'] });
    const parts = [requirement(), requirement({ id: 's', from: ['leads'] })].map((one) => ({
      ...{ requirement: one, approvals: [], missing: 1 },
    }));
    const others = [candidate(max), candidate(lee, { groups: ['leads'] })];
    expect(names(question({ parts, candidates: [both, ...others] }))).toEqual(['sam', 'max', 'lee']);
  });

  test('is the fallback too once it was let in, whoever was asked before', () => {
    const escalating = requirement({
      from: ['sre', 'leads'],
      escalates: { to: ['leads'], afterMs: 1 },
    });
    const parts = [{ requirement: escalating, approvals: [], missing: 1 }];
    const candidates = [candidate(sam), candidate(max), candidate(lee, { groups: ['leads'] })];
    const asked = new Set([sam.id, max.id]);
    expect(names(question({ parts, candidates, asked }))).toEqual([]);
    expect(names(question({ parts, candidates, asked, escalated: ['r'] }))).toEqual(['lee']);
    const plain = [{ requirement: requirement(), approvals: [], missing: 1 }];
    expect(names(question({ parts: plain, candidates, asked, escalated: ['r'] }))).toEqual([]);
  });

  test('for any people: may answer, is not the requester, an author or mentioned before, and is the same each time', () => {
    const people = fc.uniqueArray(
      fc.record({
        index: fc.nat(12),
        kind: fc.constantFrom(...personKinds),
        groups: fc.subarray(['sre', 'leads', 'other']),
        zone: fc.constantFrom(berlin, newYork, 'Asia/Tokyo'),
        isOnCall: fc.boolean(),
        isAway: fc.boolean(),
        wasAsked: fc.boolean(),
        isAuthor: fc.boolean(),
      }),
      { selector: (one) => one.index, maxLength: 12 },
    );
    fc.assert(
      fc.property(people, fc.integer({ min: 1, max: 6 }), fc.nat(86_400), (all, missing, second) => {
        const candidates = all.map(({ index, kind, groups, zone, isOnCall, isAway }) => {
          const who = { ...person(`p${index}`, { kind }), timeZone: zone };
          return { standing: { person: who, groups }, isOnCall, isAway };
        });
        const idsWhere = (is: (one: (typeof all)[number]) => boolean) =>
          all.flatMap((one, index) => (is(one) ? (candidates[index]?.standing.person ?? []) : []));
        const asked = new Set(idsWhere(({ wasAsked }) => wasAsked).map(({ id }) => id));
        const authors = idsWhere(({ isAuthor }) => isAuthor).flatMap(({ email }) => email ?? []);
        const wanted = requirement({ count: missing, not: ['author'] });
        const parts = [{ requirement: wanted, approvals: [], missing }];
        const requester = candidates[0]?.standing.person ?? dana;
        const at = now + second * 1000;
        const asks = question({
          parts,
          candidates,
          askers: [requester],
          authorEmails: authors,
          asked,
          now: at,
        });
        const chosen = whomToAsk(asks);
        expect(whomToAsk(asks)).toEqual(chosen);
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(chosen.length).toBeLessThanOrEqual(Math.min(missing + 1, asking.atOnceMax));
        for (const one of chosen) {
          const found = candidates.find(({ standing }) => standing.person.id === one.id);
          expect(found && counts(found.standing, wanted, authors, [requester])).toBe(true);
          expect(one.kind).toBe('member');
          expect(isSamePerson(one, requester)).toBe(false);
          expect(asked.has(one.id)).toBe(false);
          expect(authors).not.toContain(one.email);
        }
        // Nobody is woken while somebody who is awake and not away was passed over.
        const woken = chosen.some((one) =>
          candidates.some((other) => other.standing.person.id === one.id && !isReachable(other, at)),
        );
        const passedOver = candidates.some(
          (other) =>
            isReachable(other, at) &&
            !other.isAway &&
            counts(other.standing, wanted, authors, [requester]) &&
            !isSamePerson(other.standing.person, requester) &&
            !asked.has(other.standing.person.id) &&
            !chosen.some(({ id }) => id === other.standing.person.id),
        );
        expect(woken && passedOver).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('of a team of 300', () => {
  let looks = 0;
  const team = Array.from({ length: 300 }, (_, index) => {
    const { standing, ...rest } = candidate(person(`member ${index}`));
    return Object.defineProperty({ ...rest, standing }, 'standing', {
      get() {
        looks += 1;
        return standing;
      },
    });
  });

  test('each is looked at a few times, not for each of the others', () => {
    looks = 0;
    expect(whoCanStillAnswer(question({ candidates: team }))).toHaveLength(300);
    expect(looks).toBeLessThan(10 * 300);
  });

  test('the clock of those who live in one zone is read once', () => {
    const reads = vi.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts');
    onTestFinished(() => reads.mockRestore());
    whoCanStillAnswer(question({ candidates: team, now: now + 1 }));
    expect(reads).toHaveBeenCalledTimes(1);
  });
});

describe('a day', () => {
  test.each([
    ['2026-11-18T06:59Z', berlin, false],
    ['2026-11-18T07:00Z', berlin, true],
    ['2026-11-18T18:59Z', berlin, true],
    ['2026-11-18T19:00Z', berlin, false],
    ['2026-11-18T09:00Z', newYork, false],
    ['2026-11-18T09:00Z', undefined, true],
    ['2026-11-18T09:00Z', 'Mars/Olympus', true],
  ])('at %s somebody in %s is awake: %s', (text, timeZone, awake) => {
    expect(isAwake(timeZone === undefined ? {} : { timeZone }, Date.parse(text))).toBe(awake);
  });

  test.each([
    ['in the day', '2026-11-18T09:00Z', '2026-11-18T09:00Z'],
    ['before the morning', '2026-11-18T01:00Z', '2026-11-18T07:00Z'],
    ['in the evening', '2026-11-18T21:00Z', '2026-11-19T07:00Z'],
    ['in the night in which clocks go back', '2026-10-24T21:00Z', '2026-10-25T07:00Z'],
    ['in the night in which clocks go forward', '2026-03-28T21:00Z', '2026-03-29T06:00Z'],
  ])('asked %s, it is morning at eight by their own clock', (_when, from, to) => {
    expect(new Date(awakeAt({ timeZone: berlin }, Date.parse(from))).toISOString()).toBe(
      new Date(to).toISOString(),
    );
  });
});
