/** An answer by a voice that was lent: whose it is, what it counts for, and what keeps it out. */
import { expect, test } from 'vitest';
import { counts, voiceFor } from '../../src/approvals/eligibility.ts';
import { describeRequirement } from '../../src/approvals/explain.ts';
import { countQuorum, judgeReviewer, quorumAsRecorded } from '../../src/approvals/quorum.ts';
import { isMetBy } from '../../src/approvals/requirements.ts';
import type { Standing } from '../../src/core/person.ts';
import type { Review } from '../../src/core/verdict.ts';
import { dana, lee, max, requirement, review, sam, standing, standings, waiting } from '../core/requests.ts';

const bySre = requirement({ count: 2 });
const samAway = standing(sam, 'sre');
const leeFor = (...lenders: Standing[]): Standing => ({ ...standing(lee, 'leads'), standsFor: lenders });
const as = (who: Standing, wanted = bySre, authors: readonly string[] = [], askers = [dana]) =>
  voiceFor(who, wanted, authors, askers)?.person.name;

test('somebody counts as themselves where they can, else as who has lent them their voice', () => {
  expect(as(leeFor(samAway))).toBe('sam');
  expect(as({ ...samAway, standsFor: [standing(max, 'sre')] })).toBe('sam');
  expect(as(leeFor(standing(max, 'payments')))).toBeUndefined();
  expect(counts(leeFor(samAway), bySre, [], [dana])).toBe(true);
});

test('what keeps either of the two out keeps out both', () => {
  const wanted = requirement({ not: ['author'] });
  expect(as(leeFor(samAway), wanted, ['LEE@acme.example'])).toBeUndefined();
  expect(as(leeFor(samAway), wanted, ['sam@acme.example'])).toBeUndefined();
  expect(as(leeFor(samAway), bySre, [], [sam])).toBeUndefined();
  expect(as({ ...leeFor(samAway), person: { ...lee, kind: 'guest' } })).toBeUndefined();
  expect(as(leeFor({ ...samAway, person: { ...sam, kind: 'deactivated' } }))).toBeUndefined();
  expect(as(leeFor({ ...samAway, groups: 'unknown' }))).toBeUndefined();
  expect(as(leeFor(samAway), requirement({ delegates: false }))).toBeUndefined();
});

test('the lender and whoever answers for them are one voice, and the newer answer is theirs', () => {
  const input = {
    requirements: [bySre],
    requester: dana,
    authorEmails: [],
    standings: standings(samAway, leeFor(samAway), standing(max, 'sre')),
  };
  const both = countQuorum({ ...input, reviews: [review(lee), review(sam)] });
  expect(both.parts).toMatchObject([{ missing: 1, approvals: [{ by: sam.id }] }]);
  const withMax = countQuorum({ ...input, reviews: [review(sam), review(lee), review(max)] });
  expect(withMax).toMatchObject({ state: 'met', parts: [{ approvals: [{ by: lee.id }, { by: max.id }] }] });
});

test('the answer remembers for whom it is, and the card counts it by that', () => {
  const admitted = judgeReviewer({
    request: waiting,
    reviewer: leeFor(standing(max, 'payments'), samAway),
    authorEmails: [],
  });
  expect(admitted).toMatchObject({ ok: true, value: { standing: { standsFor: [{ person: sam }] } } });
  const own = judgeReviewer({ request: waiting, reviewer: standing(sam, 'sre'), authorEmails: [] });
  expect(own.ok && own.value.standing).not.toHaveProperty('standsFor');
  const given: Review = {
    ...review(lee, { groups: ['leads'] }),
    standsFor: [{ by: sam.id, name: 'sam', groups: ['sre'] }],
  };
  expect(quorumAsRecorded({ ...waiting, reviews: [given] }).parts[0]?.missing).toBe(0);
  expect(quorumAsRecorded({ ...waiting, reviews: [review(lee, { groups: [] })] }).parts[0]?.missing).toBe(1);
});

test('wanted in person it says so, and only what wants that as well stands for it', () => {
  const inPerson = requirement({ delegates: false });
  expect(describeRequirement(inPerson, {})).toContain(', each in person');
  expect(isMetBy(inPerson, requirement())).toBe(false);
  expect(isMetBy(inPerson, inPerson)).toBe(true);
  expect(isMetBy(requirement(), inPerson)).toBe(true);
  // Whoever is let in later need not be somebody whom the other asks.
  const escalating = requirement({ escalates: { to: ['leads'], afterMs: 1 } });
  expect(isMetBy(requirement(), escalating)).toBe(false);
  expect(isMetBy(requirement({ from: ['sre', 'leads'] }), escalating)).toBe(true);
});
