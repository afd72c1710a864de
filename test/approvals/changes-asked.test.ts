/** A wish for changes: neither a yes nor a no, and in the way of every yes. */
import { expect, test } from 'vitest';
import { countQuorum, judgeReviewer, quorumAsRecorded } from '../../src/approvals/quorum.ts';
import type { Review } from '../../src/core/verdict.ts';
import {
  dana,
  lee,
  max,
  person,
  requirement,
  review,
  sam,
  standing,
  standings,
  waiting,
} from '../core/requests.ts';

const who = standings(standing(sam, 'sre'), standing(lee, 'sre'), standing(max, 'payments'));
const count = (...reviews: Review[]) =>
  countQuorum({ requester: dana, authorEmails: [], requirements: [requirement()], reviews, standings: who });
const wish = { decision: 'request_changes' } as const;

test('it keeps everything open while its giver counts, and a no ends it all the same', () => {
  expect(count(review(sam), review(lee, wish))).toMatchObject({
    state: 'open',
    changesAsked: [{ by: lee.id }],
  });
  expect(count(review(sam), review(max, wish))).toMatchObject({ state: 'met' });
  expect(count(review(sam), review(max, wish))).not.toHaveProperty('changesAsked');
  expect(count(review(lee, wish), review(sam, { decision: 'deny' }))).toMatchObject({ state: 'lost' });
});

test("it is over with its giver's next word", () => {
  expect(count(review(lee, wish), review(lee)).state).toBe('met');
});

test('it needs a sentence, from somebody who may answer', () => {
  const judge = (by: typeof sam, note?: string) => {
    const reviewer = standing(by, by === max ? 'payments' : 'sre');
    const said = { ...wish, ...(note === undefined ? {} : { note }) };
    const judged = judgeReviewer({ request: waiting, reviewer, authorEmails: [], ...said });
    return judged.ok ? 'allowed' : judged.problem.code;
  };
  expect(judge(sam)).toBe('comment_needed');
  expect(judge(sam, '  ')).toBe('comment_needed');
  expect(judge(sam, 'half of it')).toBe('allowed');
  expect(judge(max, 'half of it')).toBe('not_eligible');
});

test('whoever it is asked for counts as little as whoever asks', () => {
  const onBehalfOf = person('sam2', { email: 'SAM@acme.example' });
  const asked = { requester: dana, onBehalfOf, authorEmails: [], requirements: [requirement()] };
  expect(countQuorum({ ...asked, reviews: [review(sam)], standings: who }).state).toBe('open');
  expect(countQuorum({ ...asked, reviews: [review(lee)], standings: who }).state).toBe('met');
  const request = { ...waiting, onBehalfOf, reviews: [review(sam)] };
  expect(quorumAsRecorded(request).state).toBe('open');
  const reviewer = standing(sam, 'sre');
  expect(judgeReviewer({ request, reviewer, authorEmails: [] })).toMatchObject({
    problem: { code: 'own_request' },
  });
});

test('one person in two groups is one person, wherever one rule asks both', () => {
  const both = standings(standing(sam, 'sre', 'payments'), standing(lee, 'sre'));
  const two = [requirement({ count: 2, from: ['sre', 'payments'] })];
  const ask = (...reviews: Review[]) =>
    countQuorum({ requester: dana, authorEmails: [], requirements: two, reviews, standings: both }).state;
  expect(ask(review(sam), review(sam))).toBe('open');
  expect(ask(review(sam), review(lee))).toBe('met');
});
