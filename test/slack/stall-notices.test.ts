/** What people read while something outside does not answer: nothing of it is markup, and nobody is told what is over. */
import { expect, test } from 'vitest';
import { quorumAsRecorded } from '../../src/approvals/quorum.ts';
import { systemPerson } from '../../src/core/person.ts';
import { problem } from '../../src/core/problem.ts';
import { cardOf } from '../../src/slack/cards.ts';
import { historyMessage } from '../../src/slack/history.ts';
import { stallNotice } from '../../src/slack/stall-notices.ts';
import { dana, evaluated, requestAfter } from '../core/requests.ts';
import { expectGoodMessage } from './manners.ts';

const cards = { actions: new Map(), groupTitle: (name: string) => name, quorumOf: quorumAsRecorded };
const cause = problem('outside_unavailable', 'GitHub <!channel> does not answer.', 'Wait.');
const stalled = { type: 'stalled', at: 60_000, problem: cause, until: 86_460_000 } as const;
const approved = [evaluated('allow'), { type: 'approved', at: 3, because: 'policy' } as const] as const;
const request = requestAfter(...approved, stalled);

test('the card says what it waits for, since when, until when, and that nothing was changed', () => {
  const card = cardOf(request, cards);
  expectGoodMessage(card);
  expect(card.text).toContain('It cannot go on: GitHub &lt;!channel&gt; does not answer.');
  const text = JSON.stringify(card.blocks);
  expect(text).toContain('Nothing was changed. It is tried again by itself until');
  expect(text).not.toContain('<!channel>');
});

test('whoever asked is told once that it cannot go on, and once that it does', () => {
  const told = stallNotice('stalled', request);
  expect(told?.text).toMatch(new RegExp(`^<@${dana.id}>: REQ-12 cannot go on: GitHub &lt;!channel&gt;`));
  expect(told?.text).toContain('you are told when it goes on');
  const again = requestAfter(...approved, stalled, { type: 'resumed', at: 90_000 });
  expect(stallNotice('resumed', again)?.text).toBe(`<@${dana.id}>: REQ-12 goes on.`);
  expect(stallNotice('stalled', again)).toBeUndefined();
  expect(stallNotice('resumed', request)).toBeUndefined();
});

test('what nobody asked for mentions nobody', () => {
  expect(stallNotice('stalled', { ...request, requester: systemPerson })?.text).toMatch(/^REQ-12 cannot/);
});

test('the history keeps both', () => {
  const events = [stalled, { type: 'resumed', at: 90_000 } as const];
  const lines = historyMessage(
    request,
    events.map((event, seq) => ({ seq, event })),
    cards,
  );
  expect(JSON.stringify(lines.blocks)).toMatch(
    /Cannot go on: GitHub &lt;!channel&gt; does not answer\. Tried again until .*Goes on\./,
  );
});
