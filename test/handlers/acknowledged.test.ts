/**
 * What Slack shows as taken is written: an acknowledgement comes after that, or a process that dies between the two has
 * lost what somebody believes to have answered.
 */
import { expect, test } from 'vitest';
import { ok } from '../../src/core/problem.ts';
import type { Delivery } from '../../src/handlers/ingress.ts';
import { answerActions } from '../../src/slack/answers.ts';
import { cardActions, writeCardValue } from '../../src/slack/cards/buttons.ts';
import { glassActions } from '../../src/slack/glass-notices.ts';
import { lockActions } from '../../src/slack/lock-notices.ts';
import { needs } from './desk.ts';
import { type TestWorld, world } from './world.ts';

/** A request that waits, with a card; `order` has what happens from then on: `written`, `acknowledged`. */
async function waiting({ withComment = false } = {}) {
  const asked = needs(2, ['sre'], 'production changes');
  const requirements = asked.requirements.map((one) => ({
    ...one,
    ...(withComment ? { needsComment: true as const } : {}),
  }));
  const stage = await world({ verdict: () => ({ ...asked, requirements }), approvers: ['U0SAM'] });
  const [dana, sam] = [stage.sandbox.as('U0DANA'), stage.sandbox.as('U0SAM')];
  await dana.command('#general', '/env create load --cpu 8 --ttl 8h');
  const card = await dana.sees('0 of 2 approval', { in: '#platform-requests' });
  return { ...stage, dana, sam, card, order: follow(stage) };
}

function follow({ desk, slack, watches }: TestWorld): string[] {
  const order: string[] = [];
  const then = <Args extends unknown[], Value>(work: (...args: Args) => Promise<Value>) => {
    return async (...args: Args) => {
      const value = await work(...args);
      if (!isRefusal(value)) order.push('written');
      return value;
    };
  };
  Object.assign(desk, {
    ...{
      submit: then(async () => ok(desk.request('REQ-1'))),
      review: then(desk.review),
      withdraw: then(desk.withdraw),
    },
    ...{
      edit: then(desk.edit),
      cancel: then(desk.cancel),
      goBack: then(async () => ok(desk.request('REQ-1'))),
    },
    ...{ keepLock: then(desk.keepLock), reviewGlass: then(async () => ok(desk.request('REQ-1'))) },
  });
  Object.assign(watches, { stop: then(watches.stop) });
  const { run } = slack.ingress;
  const acknowledging = <One extends Delivery>(delivery: One): One => ({
    ...delivery,
    async ack(response) {
      order.push('acknowledged');
      await delivery.ack(response);
    },
  });
  slack.ingress.run = (delivery, handle) => run(acknowledging(delivery), handle);
  return order;
}

const isRefusal = (value: unknown) => (value as { ok?: boolean } | undefined)?.ok === false;

type Waiting = Awaited<ReturnType<typeof waiting>>;

/** As Slack sends it, past the box: of cards that this small world does not post. */
function press({ slack }: Waiting, action: string, value: string): Promise<void> {
  const body = {
    ...{ type: 'block_actions', team: { id: 'T0ACME' }, user: { id: 'U0SAM' }, trigger_id: 'pressed' },
    actions: [{ type: 'button', action_id: action, block_id: 'b', action_ts: '1.1', value }],
  };
  return slack.ingress.run({ body, ack: async () => {} }, (delivery) => slack.app.processEvent(delivery));
}

const clicks: readonly [what: string, click: (stage: Waiting) => Promise<unknown>][] = [
  ['a yes', ({ sam, card }) => sam.click('Approve', { in: card })],
  [
    'an answer taken back',
    async ({ sam, card, order }) => {
      await sam.click('Approve', { in: card });
      await expect.poll(() => order.splice(0)).toContain('acknowledged');
      await sam.click('Take my answer back', { in: card });
    },
  ],
  ['a way back', (stage) => press(stage, cardActions.goBack, writeCardValue(stage.desk.request('REQ-1')))],
  ['a lock that is let go of', (stage) => press(withLock(stage), lockActions.release, 'REQ-1')],
  ['a lock that is kept', (stage) => press(stage, lockActions.keep, 'REQ-1')],
  ['a look at an emergency', (stage) => press(stage, glassActions.review, 'REQ-1')],
  ['a watch that is stopped', (stage) => press(stage, answerActions.stop, 'watch')],
];

/** It holds a lock, as far as its handlers ask. */
function withLock(stage: Waiting): Waiting {
  const request = { ...stage.desk.request('REQ-1'), lock: { keys: ['service:payments:staging'] } };
  Object.assign(stage.desk, { view: async () => ok({ request, history: [] }) });
  return stage;
}

test.each(clicks)('%s is written before its click is acknowledged', async (_what, click) => {
  const stage = await waiting();
  await click(stage);
  await expect.poll(() => stage.order).toEqual(['written', 'acknowledged']);
});

const forms: readonly [what: string, open: (stage: Waiting) => Promise<unknown>][] = [
  [
    'a no',
    async ({ sam, card }) => {
      await sam.click('Deny', { in: card });
      await sam.fill('Reason', 'Not on a Friday');
    },
  ],
  [
    'what should change',
    async ({ sam, card }) => {
      await sam.click('Request changes', { in: card });
      await sam.fill('What should change', 'Half of it');
    },
  ],
  [
    'a yes to less',
    async ({ sam, card }) => {
      await sam.click('Approve with less…', { in: card });
      await sam.fill('CPU', '4');
    },
  ],
];

test.each(forms)('%s is written before its form closes', async (_what, open) => {
  const stage = await waiting();
  await open(stage);
  stage.order.splice(0);
  await stage.sam.submit();
  await expect.poll(() => stage.order).toEqual(['written', 'acknowledged']);
});

test('a yes with a comment is written before its form closes', async () => {
  const { sam, card, order } = await waiting({ withComment: true });
  await sam.click('Approve', { in: card });
  await sam.fill('Comment', 'Looked at the diff');
  order.splice(0);
  await sam.submit();
  await expect.poll(() => order).toEqual(['written', 'acknowledged']);
});

test('an edit and a cancelling are written before their forms close', async () => {
  const { dana, card, order } = await waiting();
  await dana.click('Edit this request…', { in: card });
  await dana.fill('CPU', '4');
  order.splice(0);
  await dana.submit();
  await expect.poll(() => order).toEqual(['written', 'acknowledged']);
  await dana.click('Cancel this request…', { in: card });
  order.splice(0);
  await dana.submit();
  await expect.poll(() => order).toEqual(['written', 'acknowledged']);
});
