import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countQuorum, judgeReviewer, quorumAsRecorded } from '../../src/approvals/quorum.ts';
import type { ChangeFacts } from '../../src/core/facts.ts';
import { personKinds, type Standing } from '../../src/core/person.ts';
import type { Review } from '../../src/core/verdict.ts';
import {
  dana,
  evaluated,
  lee,
  max,
  person,
  preview,
  priya,
  requestAfter,
  requirement,
  review,
  sam,
  standing,
  standings,
} from '../core/requests.ts';

const asked = { requester: dana, authorEmails: [] };

test('distinct people of the group meet it, and one person twice does not', () => {
  const requirements = [requirement({ count: 2 })];
  const who = standings(standing(sam, 'sre'), standing(lee, 'sre'));
  const once = countQuorum({ ...asked, requirements, reviews: [review(sam), review(sam)], standings: who });
  expect(once).toMatchObject({ state: 'open', parts: [{ missing: 1 }] });
  const both = countQuorum({ ...asked, requirements, reviews: [review(sam), review(lee)], standings: who });
  expect(both).toMatchObject({
    state: 'met',
    parts: [{ missing: 0, approvals: [{ name: 'sam' }, { name: 'lee' }] }],
  });
});

test("two accounts with one e-mail address are one person, also when one's address was changed since", () => {
  const second = person('sam2', { email: 'SAM@acme.example' });
  const requirements = [requirement({ count: 2 })];
  const reviews = [review(sam), review(second)];
  const now = standings(standing(sam, 'sre'), standing(second, 'sre'));
  expect(countQuorum({ ...asked, requirements, reviews, standings: now }).state).toBe('open');
  const moved = standings(standing(sam, 'sre'), standing({ ...second, email: 'else@acme.example' }, 'sre'));
  expect(countQuorum({ ...asked, requirements, reviews, standings: moved }).state).toBe('open');
});

test("the requester's own yes does not count, from whatever account", () => {
  const second = person('dana2', { email: 'Dana@acme.example' });
  const who = standings(standing(dana, 'sre'), standing(second, 'sre'));
  for (const one of [dana, second]) {
    const quorum = countQuorum({
      ...asked,
      requirements: [requirement()],
      reviews: [review(one)],
      standings: who,
    });
    expect(quorum.state).toBe('open');
  }
});

test.each(personKinds.filter((kind) => kind !== 'member'))(
  'a %s does not count, in whatever group',
  (kind) => {
    const guest = person('gil', { kind });
    const quorum = countQuorum({
      ...asked,
      requirements: [requirement()],
      reviews: [review(guest)],
      standings: standings(standing(guest, 'sre')),
    });
    expect(quorum.state).toBe('open');
  },
);

test('whoever left the group, or whose groups are not known, no longer counts', () => {
  const count = (now: Standing) =>
    countQuorum({
      ...asked,
      requirements: [requirement()],
      reviews: [review(sam)],
      standings: standings(now),
    }).state;
  expect(count(standing(sam, 'sre'))).toBe('met');
  expect(count(standing(sam, 'checkout'))).toBe('open');
  expect(count({ person: sam, groups: 'unknown' })).toBe('open');
  expect(count(standing(lee, 'sre'))).toBe('open');
});

test('an author does not count where authors are excluded', () => {
  const requirements = [requirement({ not: ['author'] })];
  const count = (authorEmails: readonly string[] | 'unknown', who = sam) =>
    countQuorum({
      requester: dana,
      authorEmails,
      requirements,
      reviews: [review(who)],
      standings: standings(standing(who, 'sre')),
    }).state;
  expect(count(['lee@acme.example'])).toBe('met');
  expect(count(['Sam@acme.example'])).toBe('open');
  expect(count('unknown')).toBe('open');
  expect(count([], person('sam', { email: undefined }))).toBe('open');
});

test("anybody's no who counts loses it, and nobody else's does", () => {
  const who = standings(standing(sam, 'sre'), standing(max, 'payments'));
  const say = (...reviews: Review[]) =>
    countQuorum({ ...asked, requirements: [requirement()], reviews, standings: who });
  expect(say(review(sam, { decision: 'deny' }))).toMatchObject({ state: 'lost', deniedBy: { name: 'sam' } });
  expect(say(review(max, { decision: 'deny' })).state).toBe('open');
  expect(say(review(sam, { decision: 'deny' }), review(sam)).state).toBe('met');
});

test('every requirement is counted on its own, and one person may count for several', () => {
  const requirements = [
    requirement({ id: 'two', count: 2, from: ['sre', 'payments'] }),
    requirement({ id: 'owner', from: ['payments'] }),
  ];
  const who = standings(standing(sam, 'sre'), standing(lee, 'sre'), standing(priya, 'payments'));
  const count = (...reviews: Review[]) => countQuorum({ ...asked, requirements, reviews, standings: who });
  expect(count(review(sam), review(lee))).toMatchObject({
    state: 'open',
    parts: [{ missing: 0 }, { missing: 1 }],
  });
  expect(count(review(sam), review(priya)).state).toBe('met');
});

test('without any requirement there is nothing to meet', () => {
  expect(
    countQuorum({ ...asked, requirements: [], reviews: [review(sam)], standings: standings() }).state,
  ).toBe('open');
});

test('a card shows what each review counted for at the click', () => {
  const request = requestAfter(evaluated('require_approval'), {
    type: 'reviewed',
    at: 3,
    review: review(sam),
  });
  expect(quorumAsRecorded(request).state).toBe('met');
  const nameless = requestAfter(evaluated('require_approval'), {
    type: 'reviewed',
    at: 3,
    review: review(person('x', { email: undefined })),
  });
  expect(quorumAsRecorded(nameless).state).toBe('met');
});

test.each([
  ['unknown', 'open'],
  [{ commits: 1, authors: ['sam@acme.example'], checks: 'green' } as ChangeFacts, 'open'],
  [{ commits: 1, authors: ['max@acme.example'], checks: 'green' } as ChangeFacts, 'met'],
] as const)('authors on a card are those of its preview: %j', (change, state) => {
  const requirements = [requirement({ not: ['author'] })];
  const request = requestAfter(evaluated('require_approval', { requirements }), {
    type: 'reviewed',
    at: 3,
    review: review(sam),
  });
  expect(quorumAsRecorded({ ...request, preview: { ...preview, change } }).state).toBe(state);
});

test('a request without a preview has no authors', () => {
  const { preview: _preview, ...request } = requestAfter(evaluated('require_approval'));
  expect(quorumAsRecorded(request).state).toBe('open');
});

const requirements = [requirement({ from: ['sre', 'payments'], count: 2 })];
const request = requestAfter(evaluated('require_approval', { requirements }));
const reviewed = requestAfter(evaluated('require_approval', { requirements }), {
  type: 'reviewed',
  at: 3,
  review: review(sam),
});

test('a member of the group may answer, and is told what for', () => {
  expect(judgeReviewer({ request, reviewer: standing(sam, 'sre'), authorEmails: [] })).toMatchObject({
    ok: true,
    value: { standing: { person: { name: 'sam' } }, requirements },
  });
});

test.each([
  ['the requester', request, standing(dana, 'sre'), 'own_request', 'You asked for this one'],
  [
    "the requester's second account",
    request,
    standing(person('d2', { email: 'dana@acme.example' }), 'sre'),
    'own_request',
    '',
  ],
  [
    'a guest',
    request,
    standing(person('gil', { kind: 'guest' }), 'sre'),
    'not_a_member',
    'Guests of this workspace',
  ],
  [
    'an outside member',
    request,
    standing(person('oda', { kind: 'outside' }), 'sre'),
    'not_a_member',
    'from another one',
  ],
  ['a bot', request, standing(person('bot', { kind: 'bot' }), 'sre'), 'not_a_member', 'A bot'],
  [
    'a deactivated account',
    request,
    standing(person('ron', { kind: 'deactivated' }), 'sre'),
    'not_a_member',
    'deactivated',
  ],
  [
    'Greenlight itself',
    request,
    standing(person('system', { kind: 'system' }), 'sre'),
    'not_a_member',
    'Greenlight does not',
  ],
  [
    'somebody of unknown groups',
    request,
    { person: sam, groups: 'unknown' },
    'membership_unknown',
    'could not be found out',
  ],
  [
    'somebody of another group',
    request,
    standing(lee, 'platform-leads'),
    'not_eligible',
    'from SRE or payments',
  ],
  ['a second click', reviewed, standing(sam, 'sre'), 'already_reviewed', 'answered REQ-12 already'],
  [
    "a second account's click",
    reviewed,
    standing(person('s2', { email: 'SAM@acme.example' }), 'sre'),
    'already_reviewed',
    '',
  ],
] as const)('%s is told why not', (_who, of, reviewer, code, sentence) => {
  const judged = judgeReviewer({ request: of, reviewer, authorEmails: [], titles: { sre: 'SRE' } });
  expect(judged).toMatchObject({ ok: false, problem: { code, sentence: expect.stringContaining(sentence) } });
});

test('without titles groups are called by their names', () => {
  const judged = judgeReviewer({ request, reviewer: standing(lee), authorEmails: [] });
  expect(judged).toMatchObject({ problem: { sentence: expect.stringContaining('from sre or payments') } });
});

test('whoever said yes may still say no', () => {
  const question = { request: reviewed, reviewer: standing(sam, 'sre'), authorEmails: [] };
  expect(judgeReviewer({ ...question, decision: 'deny', note: 'not today' }).ok).toBe(true);
  expect(judgeReviewer({ ...question, decision: 'approve' }).ok).toBe(false);
});

test('somebody who has not answered is not stopped by those who have', () => {
  const anonymous = requestAfter(evaluated('require_approval', { requirements }), {
    type: 'reviewed',
    at: 3,
    review: review(person('x', { email: undefined })),
  });
  expect(judgeReviewer({ request: anonymous, reviewer: standing(sam, 'sre'), authorEmails: [] }).ok).toBe(
    true,
  );
  const nameless = person('y', { email: undefined });
  expect(judgeReviewer({ request: reviewed, reviewer: standing(nameless, 'sre'), authorEmails: [] }).ok).toBe(
    true,
  );
});

test('where a comment is wanted a yes without one is refused, as a no always is, and an old yes does not count', () => {
  const wanting = requirement({ needsComment: true });
  const request = requestAfter(evaluated('require_approval', { requirements: [wanting] }));
  const said = (decision: Review['decision'], note?: string) =>
    judgeReviewer({
      ...{ request, reviewer: standing(sam, 'sre'), authorEmails: [], decision },
      ...(note === undefined ? {} : { note }),
    });
  expect(said('approve')).toMatchObject({ problem: { code: 'comment_needed' } });
  expect(said('approve', '  ')).toMatchObject({ problem: { code: 'comment_needed' } });
  expect(said('deny')).toMatchObject({ problem: { code: 'comment_needed' } });
  expect([said('approve', 'looked at it').ok, said('deny', 'not today').ok]).toEqual([true, true]);
  const who = standings(standing(sam, 'sre'));
  const counted = (reviews: readonly Review[]) =>
    countQuorum({ ...asked, requirements: [wanting], reviews, standings: who }).state;
  expect(counted([review(sam)])).toBe('open');
  expect(counted([{ ...review(sam), note: 'looked at it' }])).toBe('met');
});

test('an author is told that the change is theirs', () => {
  const excluding = requestAfter(
    evaluated('require_approval', { requirements: [requirement({ not: ['author'] })] }),
  );
  expect(
    judgeReviewer({ request: excluding, reviewer: standing(sam, 'sre'), authorEmails: ['sam@acme.example'] }),
  ).toMatchObject({
    problem: { code: 'author_of_change' },
  });
});

test('a quorum is never met by fewer distinct eligible people than asked, nor by the requester', () => {
  const people = [
    dana,
    priya,
    max,
    sam,
    lee,
    person('dana2', { email: 'dana@acme.example' }),
    person('sam2', { email: 'sam@acme.example' }),
    person('gil', { kind: 'guest' }),
  ];
  const anyReview = fc.record({
    who: fc.constantFrom(...people),
    decision: fc.constantFrom<Review['decision']>('approve', 'approve', 'deny'),
  });
  fc.assert(
    fc.property(
      fc.array(anyReview, { maxLength: 8 }),
      fc.array(
        fc.record({
          count: fc.integer({ min: 1, max: 4 }),
          from: fc.subarray(['sre', 'payments'], { minLength: 1 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      fc.array(fc.subarray(['sre', 'payments']), { minLength: people.length, maxLength: people.length }),
      (given, wanted, groups) => {
        const now = new Map(people.map((one, index) => [one.id, standing(one, ...(groups[index] ?? []))]));
        const quorum = countQuorum({
          ...asked,
          requirements: wanted.map((one, index) => requirement({ ...one, id: `${index}` })),
          reviews: given.map(({ who, decision }) => review(who, { decision })),
          standings: now,
        });
        if (quorum.state !== 'met') return;
        for (const { count, from } of wanted) {
          const emails = given
            .filter(({ who, decision }) => decision === 'approve' && who.kind === 'member')
            .filter(({ who }) => from.some((group) => now.get(who.id)?.groups.includes(group)))
            .map(({ who }) => who.email)
            .filter((email) => email !== dana.email);
          expect(new Set(emails).size).toBeGreaterThanOrEqual(count);
        }
      },
    ),
    { numRuns: 500, seed: 9 },
  );
});
