/** An answer stays as long as whoever gave it could give it again. */
import { expect, test } from 'vitest';
import { doubtsAbout, lapsedReviews } from '../../src/approvals/lapsed.ts';
import type { Standing } from '../../src/core/person.ts';
import {
  evaluated,
  lee,
  priya,
  requestAfter,
  requirement,
  review,
  sam,
  standing,
  standings,
} from '../core/requests.ts';

const request = requestAfter(evaluated('require_approval'), { type: 'reviewed', at: 3, review: review(sam) });
const lapsed = (...now: Standing[]) =>
  lapsedReviews({ request, standings: standings(...now), authorEmails: [] }).map(({ by }) => by);

test('it lapses with the group, the account and the address, and not before', () => {
  expect(lapsed(standing(sam, 'sre'))).toEqual([]);
  expect(lapsed(standing(sam, 'payments'))).toEqual([sam.id]);
  expect(lapsed(standing({ ...sam, kind: 'guest' }, 'sre'))).toEqual([sam.id]);
  expect(lapsed({ person: sam, groups: 'unknown' })).toEqual([sam.id]);
  expect(lapsed()).toEqual([sam.id]);
});

test('what never counted does not lapse, and what others wrote since lapses by moving', () => {
  const stranger = requestAfter(evaluated('require_approval'), {
    ...{ type: 'reviewed', at: 3, review: review(lee, { groups: [] }) },
  });
  expect(lapsedReviews({ request: stranger, standings: standings(), authorEmails: [] })).toEqual([]);
  const authored = requestAfter(
    evaluated('require_approval', { requirements: [requirement({ not: ['author'] })] }),
    {
      ...{ type: 'reviewed', at: 3, review: review(sam) },
    },
  );
  expect(lapsedReviews({ request: authored, standings: standings(), authorEmails: 'unknown' })).toEqual([]);
});

test('of two requirements that it counted towards, one that is lost is enough', () => {
  const both = [requirement({ id: 'a', from: ['sre'] }), requirement({ id: 'b', from: ['payments'] })];
  const asked = requestAfter(evaluated('require_approval', { requirements: both }), {
    ...{ type: 'reviewed', at: 3, review: review(sam, { groups: ['sre', 'payments'] }) },
  });
  const now = standings(standing(sam, 'payments'));
  expect(lapsedReviews({ request: asked, standings: now, authorEmails: [] })).toHaveLength(1);
});

test('a voice that was lent lapses with the loan', () => {
  const lent = requestAfter(evaluated('require_approval'), {
    type: 'reviewed',
    at: 3,
    review: review(lee, { groups: [], standsFor: [{ by: sam.id, name: 'Sam', groups: ['sre'] }] }),
  });
  const now = (one: Standing) =>
    lapsedReviews({ request: lent, standings: standings(one), authorEmails: [] }).length;
  expect(now({ ...standing(lee), standsFor: [standing(sam, 'sre')] })).toBe(0);
  expect(now(standing(lee))).toBe(1);
});

test('in doubt about a group that is asked nothing lapses; another group is another matter', () => {
  expect(lapsed({ ...standing(sam), unknownGroups: { sre: 'GitHub is away' } })).toEqual([]);
  expect(lapsed({ ...standing(sam), unknownGroups: { leads: 'GitHub is away' } })).toEqual([sam.id]);
  expect(lapsed({ ...standing({ ...sam, kind: 'bot' }), unknownGroups: { sre: 'away' } })).toEqual([sam.id]);
  const lender = { ...standing(sam), unknownGroups: { sre: 'away' } };
  expect(doubtsAbout({ ...standing(priya), standsFor: [lender] }, [requirement()])).toEqual(['away']);
});
