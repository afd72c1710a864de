/** What people read of answers: mentioned once, in words of their own, all of it only text. */
import { describe, expect, test } from 'vitest';
import { quorumAsRecorded } from '../../src/approvals/quorum.ts';
import { apply } from '../../src/core/fold.ts';
import type { PlatformRequest, RequestEvent } from '../../src/core/request.ts';
import { type CardContext, cardOf } from '../../src/slack/cards.ts';
import { cancelView } from '../../src/slack/forms/cancel-form.ts';
import { changesView } from '../../src/slack/forms/deny-form.ts';
import { historyMessage } from '../../src/slack/history.ts';
import { isAboutReviews, reviewNotice } from '../../src/slack/review-notices.ts';
import { dana, evaluated, lee, person, requestAfter, review, sam } from '../core/requests.ts';
import { expectGoodMessage, expectGoodModal } from './manners.ts';

const cards: CardContext = {
  actions: new Map(),
  groupTitle: (name) => name,
  quorumOf: quorumAsRecorded,
};
const loud = person('max');
const changes = [{ field: 'cpu', title: 'CPU <!channel>', from: '8', to: '4' }];
const said = (decision: 'approve' | 'request_changes', who = sam, note?: string): RequestEvent => ({
  type: 'reviewed',
  at: 3,
  review: review(who, { decision, ...(note === undefined ? {} : { note }) }),
});
const first = requestAfter(evaluated('require_approval'));
const asked = [said('request_changes', { ...sam, name: 'Sam <!here>' }, 'Half of <!channel> *it*')].reduce(
  apply,
  first,
);
const narrowed = [
  said('approve', loud),
  { type: 'narrowed', at: 4, by: lee, input: { cpu: 4 }, changes } as const,
  evaluated('require_approval', {}, 'd2'),
].reduce(apply, first);
const edited = [
  said('approve', loud),
  { type: 'edited', at: 4, by: dana, input: {}, target: first.target, changes } as const,
  evaluated('require_approval', {}, 'd2'),
].reduce(apply, first);
const textOf = (value: unknown) => JSON.stringify(value);

describe('a notice', () => {
  test('of wished changes mentions the requester alone, with what is wished as plain text', () => {
    const message = reviewNotice('changes_asked', asked);
    expect(message?.text).toMatch(
      new RegExp(`^<@${dana.id}>: Sam &lt;!here&gt; asks for changes to REQ-12\\.`),
    );
    expect(message?.text).toContain('`/requests edit REQ-12`');
    expect(message?.text.match(/<@/g)).toHaveLength(1);
    expect(textOf(message)).toContain('rich_text_quote');
    for (const card of [asked, narrowed, edited]) expectGoodMessage(cardOf(card, cards));
  });

  test('is not sent for what was taken back or answered meanwhile', () => {
    expect(reviewNotice('changes_asked', first)).toBeUndefined();
    expect(reviewNotice('changes_asked', { ...asked, status: 'cancelled' })).toBeUndefined();
    expect(reviewNotice('edited', first)).toBeUndefined();
    expect(reviewNotice('edited', apply(edited, said('approve', loud)))).toBeUndefined();
    expect(reviewNotice('narrowed', first)).toBeUndefined();
  });

  test('of an edit mentions who has to answer again, once', () => {
    expect(reviewNotice('edited', edited)?.text).toMatch(new RegExp(`^<@${loud.id}>: REQ-12 was edited`));
  });

  test('of a narrowing tells the requester, and whoever had approved more', () => {
    const text = reviewNotice('narrowed', narrowed)?.text ?? '';
    expect(text).toContain(`<@${dana.id}>: lee narrowed REQ-12 from 8 to 4 CPU &lt;!channel&gt;.`);
    expect(text).toContain(`<@${loud.id}>: your answer was to more`);
    const system: PlatformRequest = {
      ...narrowed,
      requester: { ...dana, kind: 'system' },
      status: 'approved',
    };
    expect(reviewNotice('narrowed', system)?.text.match(/<@/g)).toBeNull();
  });

  test('is one of these three', () => {
    expect(
      ['changes_asked', 'edited', 'narrowed', 'waiting'].map((kind) => isAboutReviews(kind as 'waiting')),
    ).toEqual([true, true, true, false]);
  });
});

test('the card says whom it waits for, what was narrowed, and why earlier answers no longer count', () => {
  expect(cardOf(asked, cards).text).toContain(
    'waiting for its requester, Sam &lt;!here&gt; asked for changes',
  );
  expect(textOf(cardOf(narrowed, cards))).toContain('Narrowed by lee from 8 to 4 CPU &lt;!channel&gt;.');
  expect(textOf(cardOf({ ...narrowed, status: 'succeeded' }, cards))).toContain('Narrowed by lee');
  expect(textOf(cardOf(edited, cards))).toContain(
    'Edited by its requester, so earlier answers no longer count: CPU &lt;!channel&gt; from 8 to 4.',
  );
  const moved = apply(apply(first, said('approve')), {
    type: 'moved',
    at: 4,
    what: ['the commit moved from a to b'],
  });
  expect(textOf(cardOf(moved, cards))).toContain('no longer count: the commit moved from a to b.');
  const reviews = [review({ ...sam, name: 'Sam <!here>' })];
  const lapsed = apply(apply(first, said('approve')), { type: 'reviews_lapsed', at: 4, reviews });
  expect(textOf(cardOf(lapsed, cards))).toContain(
    'What Sam &lt;!here&gt; said no longer counts, because they may not answer it any more.',
  );
});

test('the history tells each in words', () => {
  const events: RequestEvent[] = [
    said('request_changes', sam, 'less'),
    { type: 'review_withdrawn', at: 4, by: sam, decision: 'request_changes' },
    {
      type: 'edited',
      at: 5,
      by: dana,
      input: {},
      target: first.target,
      changes: [
        { field: 'a', title: 'Team', to: 'x' },
        { field: 'b', title: 'Time', from: '2h' },
      ],
    },
    { type: 'narrowed', at: 6, by: lee, input: {}, changes },
    { type: 'reviews_lapsed', at: 7, reviews: [review(lee)] },
  ];
  const history = events.map((event, index) => ({ seq: index + 1, event }));
  const text = textOf(historyMessage(first, history, cards));
  for (const line of [
    'sam asked for changes: less.',
    'sam took their answer back: what should change.',
    'What lee said no longer counts, because they may not answer it any more.',
    'dana edited it: team x and no time, which was 2h. Earlier answers no longer count.',
    'lee narrowed it from 8 to 4 CPU &lt;!channel&gt;.',
  ]) {
    expect(text).toContain(line);
  }
});

test('the forms keep manners with whatever they show', () => {
  const metadata = { id: first.id, digest: 'a'.repeat(64) };
  for (const view of [
    changesView(metadata, '<!channel> *x*'.repeat(90)),
    changesView(metadata, undefined),
    cancelView(metadata),
  ]) {
    expectGoodModal(view);
  }
});
