/**
 * What Slack shows as taken is written: a form closes after that, or a process that dies between the two has lost what
 * somebody believes to have answered. A click is kept before it is acknowledged (ingress.test.ts), and carried out elsewhere.
 */
import { expect, test } from 'vitest';
import type { LapsedClick } from '../../src/core/store.ts';
import type { Delivery } from '../../src/handlers/ingress.ts';
import { keptClickOf, sealClick } from '../../src/handlers/kept-click.ts';
import { readPayload } from '../../src/handlers/payload.ts';
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

function follow({ desk, slack }: TestWorld): string[] {
  const order: string[] = [];
  const then = <Args extends unknown[], Value extends { readonly ok: boolean }>(
    work: (...args: Args) => Promise<Value>,
  ) => {
    return async (...args: Args) => {
      const value = await work(...args);
      if (value.ok) order.push('written');
      return value;
    };
  };
  Object.assign(desk, { review: then(desk.review), edit: then(desk.edit), cancel: then(desk.cancel) });
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

type Waiting = Awaited<ReturnType<typeof waiting>>;

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
  await submitted(stage.order, () => stage.sam.submit());
});

test('a yes with a comment is written before its form closes', async () => {
  const { sam, card, order } = await waiting({ withComment: true });
  await sam.click('Approve', { in: card });
  await sam.fill('Comment', 'Looked at the diff');
  await submitted(order, () => sam.submit());
});

test('an edit and a cancelling are written before their forms close', async () => {
  const { dana, card, order } = await waiting();
  await dana.click('Edit this request…', { in: card });
  await dana.fill('CPU', '4');
  await submitted(order, () => dana.submit());
  await dana.click('Cancel this request…', { in: card });
  await submitted(order, () => dana.submit());
});

test.each([
  ['a refusal is said before its form closes: nobody else would say it, as it has no card', false],
  ['in a rush a form closes first: those who ask beside it would wait too long', true],
])('%s', async (_what, isRush) => {
  const stage = await world({ verdict: () => ({ ...needs(1, ['sre'], 'x'), outcome: 'deny' }) });
  const { sandbox, replies } = stage;
  const dana = sandbox.as('U0DANA');
  await dana.command('#general', '/env create');
  await dana.fill('Name', 'load');
  Object.assign(stage.slack.ingress.rush, { isOn: () => isRush });
  const order = follow(stage);
  const { privately } = replies;
  replies.privately = async (...words) => {
    await privately(...words);
    order.push('said');
  };
  await dana.submit();
  const expected = ['said', 'acknowledged'];
  await expect.poll(() => order).toEqual(isRush ? expected.reverse() : expected);
});

async function submitted(order: string[], submit: () => Promise<unknown>): Promise<void> {
  order.splice(0);
  await submit();
  await expect.poll(() => order).toEqual(['written', 'acknowledged']);
}

/** Does it, and loses what comes of it: acknowledged, and its process dies. */
async function lost({ slack }: Waiting, click: () => Promise<unknown>): Promise<LapsedClick> {
  const { run } = slack.ingress;
  let body: unknown;
  slack.ingress.run = (delivery) =>
    run(delivery, async ({ ack }) => {
      body = delivery.body;
      await ack();
    });
  await click();
  slack.ingress.run = run;
  const { key = '' } = readPayload(body);
  const kept = sealClick(key, keptClickOf(body) ?? '', 'xoxb-sandbox-greenlight');
  return { key, click: kept, at: 0, times: 1, isLate: false };
}

test('a yes, and an answer that is taken back from the menu, are carried out by another process as they were clicked', async () => {
  const stage = await waiting();
  const { sam, dana, card, desk, slack } = stage;
  const yes = await lost(stage, () => sam.click('Approve', { in: card }));
  expect(desk.request('REQ-1').reviews).toEqual([]);
  await slack.resume([yes]);
  await dana.sees('1 of 2 approval', { in: '#platform-requests' });

  const back = await lost(stage, () => sam.click('Take my answer back', { in: card }));
  expect(desk.request('REQ-1').reviews).toHaveLength(1);
  await slack.resume([back]);
  await dana.sees('0 of 2 approval', { in: '#platform-requests' });
});

test('a yes of somebody who may not is refused at that moment, as at any click', async () => {
  const stage = await waiting();
  const max = stage.sandbox.as('U0MAX');
  const yes = await lost(stage, () => max.click('Approve', { in: stage.card }));
  await stage.slack.resume([yes]);
  await max.sees("needs somebody else's answer", { ephemeral: true });
  expect(stage.desk.request('REQ-1').reviews).toEqual([]);
});
