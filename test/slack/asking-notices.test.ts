/** The lines that ask and remind: mentions as recorded, for as long as there is something to answer. */
import { expect, test } from 'vitest';
import { quorumAsRecorded } from '../../src/approvals/quorum.ts';
import { apply } from '../../src/core/fold.ts';
import type { PlatformRequest, RequestEvent } from '../../src/core/request.ts';
import { askingNotice } from '../../src/slack/asking-notices.ts';
import { cardOf } from '../../src/slack/cards.ts';
import { noticeOf } from '../../src/slack/notices.ts';
import { actions } from '../handlers/world.ts';
import { expectGoodMessage, textsOf } from './manners.ts';
import { dana, now, person, requirement, review, sample } from './samples.ts';

const cards = {
  actions,
  groupTitle: (name: string) => ({ 'platform-leads': 'Platform leads' })[name] ?? name,
  quorumOf: quorumAsRecorded,
};
const lee = person('U0LEE', 'Lee Winter');
const olga = person('U0OLGA', 'Olga Petrova');
const escalates = { to: ['platform-leads'], afterMs: 3_600_000 };
const waiting: PlatformRequest = {
  ...sample('waiting'),
  answerBy: now + 7_200_000,
  requirements: [{ ...requirement, escalates }],
  asking: { since: now, rounds: [], escalated: [] },
};

function lineOf(
  request: PlatformRequest,
  event: RequestEvent,
  kind: 'waiting' | 'reminder',
  after = request,
) {
  const told = apply(after, event);
  const key = `${told.id}:${kind}:${told.version}`;
  return { told, line: askingNotice({ key, kind }, told, cards), key };
}

test('those who are asked are mentioned, and nobody else', () => {
  const { line, told, key } = lineOf(waiting, { type: 'asked', at: now, people: [lee, olga] }, 'waiting');
  expect(line?.text).toMatch(
    /^<@U0LEE> <@U0OLGA>: Dana Fox asks to .* Please answer on the card above until <!date/,
  );
  if (line) expectGoodMessage(line);
  // Said late: without whoever has answered since, and not at all once all of them have, or it has ended.
  const answered = { ...told, reviews: [review(lee, 'approve')] };
  expect(askingNotice({ key, kind: 'waiting' }, answered, cards)?.text).toMatch(/^<@U0OLGA>: /);
  const all = { ...told, reviews: [review(lee, 'approve'), review(olga, 'approve')] };
  expect(askingNotice({ key, kind: 'waiting' }, all, cards)).toBeUndefined();
  expect(askingNotice({ key, kind: 'waiting' }, sample('succeeded'), cards)).toBeUndefined();
  expect(askingNotice({ key: 'REQ-12:waiting:99', kind: 'waiting' }, told, cards)).toBeUndefined();
});

test('why somebody is asked again is said: whose answer no longer counts', () => {
  const lapsed = { ...waiting, lapsed: [review(olga, 'approve')] };
  const { line } = lineOf(lapsed, { type: 'asked', at: now, people: [lee] }, 'waiting');
  expect(line?.text).toContain('<@U0LEE>: What Olga Petrova said no longer counts, because they may not');
});

test('that nobody could be found is said once, with what to do', () => {
  const { line } = lineOf(waiting, { type: 'asked', at: now, people: [] }, 'waiting');
  expect(line?.text).toContain('Nobody could be found who may answer this: Dana Fox asks to');
  expect(line?.text).not.toContain('<@');
});

test('the last reminder tells the requester too, also when all others sleep', () => {
  const { line } = lineOf(waiting, { type: 'reminded', at: now, people: [lee], isLast: true }, 'reminder');
  expect(line?.text).toMatch(
    /^<@U0LEE>: a reminder\. .* It still needs .* <@U0DANA>: REQ-12 ends unanswered <!date/,
  );
  const alone = lineOf(waiting, { type: 'reminded', at: now, people: [], isLast: true }, 'reminder');
  expect(alone.line?.text).toMatch(/^<@U0DANA>: REQ-12 ends unanswered/);
  const early = lineOf(waiting, { type: 'reminded', at: now, people: [lee] }, 'reminder');
  expect(early.line?.text).not.toContain('<@U0DANA>');
});

test('the card and the line say who is let in, before and after, in the reader’s time', () => {
  const before = textsOf(cardOf(waiting, cards).blocks, 'mrkdwn').join('\n');
  expect(before).toMatch(/Not answered by <!date\^\d+\^[^>]*>, Platform leads may answer it too\./);
  const escalated = apply(waiting, {
    ...{ type: 'escalated', at: now, requirement: requirement.id, to: escalates.to },
  } as RequestEvent);
  const after = textsOf(cardOf(escalated, cards).blocks, 'mrkdwn').join('\n');
  expect(after).toContain('It was not answered in time, so Platform leads may answer it too.');
  const { line } = lineOf(escalated, { type: 'asked', at: now, people: [lee] }, 'waiting');
  expect(line?.text).toContain('so Platform leads may answer it too.');
});

test('a lent voice is shown with whose it is', () => {
  const answer = {
    ...review(lee, 'approve'),
    standsFor: [{ by: olga.id, name: 'Olga Petrova', groups: ['sre'] }],
  };
  const text = textsOf(cardOf({ ...waiting, reviews: [answer] }, cards).blocks, 'mrkdwn').join('\n');
  expect(text).toContain('✓ Lee Winter for Olga Petrova approved');
});

test('what nobody answered is told to its requester with the next step at a click', () => {
  const message = noticeOf({ kind: 'ended' }, sample('expired'), cards);
  expectGoodMessage(message);
  expect(message.text).toContain(`<@${dana.id}>`);
  const buttons = message.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  expect(buttons).toMatchObject([{ action_id: 'asking.again', value: 'REQ-12' }]);
});
