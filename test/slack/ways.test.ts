/** What would let it run, wherever somebody reads that it does not: the card, the private answer, the form, `/requests`. */
import { expect, test } from 'vitest';
import type { PlatformRequest } from '../../src/core/request.ts';
import type { Verdict, Way } from '../../src/core/verdict.ts';
import { cardOf } from '../../src/slack/cards.ts';
import { overviewMessage } from '../../src/slack/lists.ts';
import { outcomeMessage } from '../../src/slack/outcome.ts';
import { cards } from '../handlers/world.ts';
import { expectGoodMessage } from './manners.ts';
import { now, person, requirement, review, sample, verdict } from './samples.ts';

const fewer: Way = {
  changes: [{ kind: 'input', field: 'cpu', title: 'CPU', from: 8, to: 4 }],
  leadsTo: 'allow',
  requirements: [],
};
const later: Way = {
  changes: [{ kind: 'wait', from: now, until: now + 3_600_000, windows: ['the weekend freeze'] }],
  leadsTo: 'require_approval',
  requirements: [requirement],
};
const said = (outcome: Verdict['outcome'], ways: Way[]): Verdict => ({ ...verdict, outcome, ways });
const [waiting, held, denied] = [
  { ...sample('waiting'), verdict: said('require_approval', [fewer]) },
  { ...sample('held'), verdict: said('hold', [later]) },
  { ...sample('denied'), deniedBy: 'policy', verdict: said('deny', [fewer, later]) },
] as const satisfies readonly PlatformRequest[];
const shown = ({ blocks }: { readonly blocks: readonly unknown[] }) => JSON.stringify(blocks);
const listed = (request: PlatformRequest) => {
  const message = overviewMessage({ mine: [request], waitingForMe: [], debts: [] }, cards);
  expectGoodMessage(message);
  return shown(message);
};

test('`/requests` names the emergencies that wait to be looked at, and how to say that one has', () => {
  const glass = {
    ...sample('succeeded'),
    bypass: { kind: 'break_glass', reason: 'nobody can pay' },
  } as const;
  const message = overviewMessage({ mine: [], waitingForMe: [], debts: [glass] }, cards);
  expect(message.text).toContain('1 emergency is still to be looked at');
  expect(JSON.stringify(message.blocks)).toContain(
    `nobody can pay. Once you have looked at it: \`/requests review ${glass.id}\``,
  );
  expectGoodMessage(message);
});

test('where people are missing, it is one more of them, or less of it', () => {
  expect(shown(cardOf(waiting, cards))).toMatch(
    /What would let it run\*\\n• 1 more approval from .*\\n• or 4 CPU instead of 8/u,
  );
  expect(listed(waiting)).toMatch(/would run with 1 more approval from [^"]*, or 4 CPU instead of 8/u);
});

test('where changes are asked for, it is those, and not one more yes', () => {
  const sam = review(person('U0SAM', 'Sam Okoye'), 'request_changes', 'only staging');
  const wished = { ...waiting, reviews: [sam] };
  expect(shown(cardOf(wished, cards))).toContain(
    '• the changes that Sam Okoye asked for, and then approval\\n• or 4 CPU',
  );
  expect(listed(wished)).toContain(
    'would run with the changes that Sam Okoye asked for, and then approval, or',
  );
});

test('where a window is closed, it is when that is over, and whose yes is needed then', () => {
  for (const text of [shown(cardOf(held, cards)), listed(held)]) {
    expect(text).toMatch(
      /wait until <!date\^\d+[^>]*>, for the weekend freeze to be over, and then 2 approvals/u,
    );
  }
});

test('what is refused at once has no card, so the private answer says it too', () => {
  for (const text of [shown(outcomeMessage(denied, cards, 'C0REQUESTS')), shown(cardOf(denied, cards))]) {
    expect(text).toMatch(/• 4 CPU instead of 8\\n• or wait until/u);
  }
  expect(listed(denied)).toContain('would run with 4 CPU instead of 8');
});

test('nothing is named where a reviewer said no, or where nothing would help', () => {
  const byReviewer = { ...denied, deniedBy: 'reviewer' } as const;
  expect(listed(byReviewer)).not.toContain('would run');
  expect(shown(outcomeMessage(byReviewer, cards, 'C0REQUESTS'))).not.toContain('would let it run');
  expect(listed({ ...held, verdict: said('hold', []) })).not.toContain('would run');
});
