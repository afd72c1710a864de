import { expect, test, vi } from 'vitest';
import type { WorldChange } from '../../src/sandbox/protocol.ts';
import { cardOf } from '../../src/slack/cards.ts';
import { needs } from './desk.ts';
import { cards, world } from './world.ts';

test('two sockets are open, so that one is there while Slack renews the other', async () => {
  const { sandbox, slack } = await world();
  expect((await sandbox.world()).connection).toMatchObject({ connected: true, sockets: 2 });
  expect(slack.isReady()).toBe(true);
});

test.each<[string, WorldChange]>([
  ['Slack renews one', { do: 'disconnect-app', reason: 'refresh_requested', sockets: 'one' }],
  ['one breaks', { do: 'drop-app', sockets: 'one' }],
])('while %s of its two sockets, every command is answered, and once', async (_what, change) => {
  const { sandbox, desk, slack } = await world();
  const dana = sandbox.as('U0DANA');
  await sandbox.change(change);
  await vi.waitFor(async () => expect((await sandbox.world()).connection).toMatchObject({ sockets: 1 }));
  expect(slack.isReady()).toBe(true);
  for (const name of ['one', 'two', 'three']) await dana.command('#general', `/env create ${name}`);
  for (const name of ['one', 'two', 'three']) await dana.sees(name, { in: '#platform-requests' });
  expect([...desk.requests.keys()]).toEqual(['REQ-1', 'REQ-2', 'REQ-3']);
});

test.each(['socket', 'http'] as const)('over %s, stopping waits for what is in flight', async (mode) => {
  let come = () => {};
  const slowly = new Promise<void>((resolve) => {
    come = resolve;
  });
  const { sandbox, slack, desk } = await world({ changed: () => slowly }, mode);
  const dana = sandbox.as('U0DANA');
  await dana.command('#general', '/env create checkout-pr-12');
  await dana.sees('approved, about to start', { in: '#platform-requests' });
  expect(slack.ingress.inFlight()).toBe(1);
  const stopped = slack.stop(5_000);
  come();
  expect(await stopped).toBe(true);
  expect(desk.request('REQ-1').status).toBe('approved');
  expect(slack.isReady()).toBe(false);
});

test('stopping does not wait for ever', async () => {
  const { sandbox, slack } = await world({ changed: () => new Promise(() => {}) });
  const dana = sandbox.as('U0DANA');
  await dana.command('#general', '/env create checkout-pr-12');
  await dana.sees('approved, about to start', { in: '#platform-requests' });
  expect(await slack.stop(50)).toBe(false);
});

test('an outside member who clicks a card in a shared channel is refused privately', async () => {
  const { sandbox, slack, desk } = await world({
    verdict: () => needs(1, ['sre'], 'its size'),
    approvers: ['U0ODA'],
  });
  const dana = sandbox.as('U0DANA');
  await dana.command('#general', '/env create checkout-pr-12');
  await dana.sees('0 of 1 approval', { in: '#platform-requests' });
  await slack.app.client.chat.postMessage({ channel: 'C0DEPLOYS', ...cardOf(desk.request('REQ-1'), cards) });
  const oda = sandbox.as('U0ODA');
  for (const label of ['Approve', 'Deny', 'Details']) {
    const card = await oda.sees('0 of 1 approval', { in: '#deploys' });
    await oda.click(label, { in: card });
    await oda.sees('only to members of the company', { ephemeral: true });
  }
  expect((await oda.view()).modals).toEqual([]);
  expect(desk.request('REQ-1').reviews).toEqual([]);
});

test('a forged button is refused and changes nothing', async () => {
  const { sandbox, slack, desk } = await world({
    verdict: () => needs(1, ['sre'], 'its size'),
    approvers: ['U0SAM'],
  });
  const dana = sandbox.as('U0DANA');
  await dana.command('#general', '/env create checkout-pr-12');
  await dana.sees('0 of 1 approval', { in: '#platform-requests' });
  const forged = (value: string, label: string) => ({
    type: 'actions' as const,
    elements: [
      {
        type: 'button' as const,
        action_id: 'card.approve',
        value,
        text: { type: 'plain_text' as const, text: label },
      },
    ],
  });
  await slack.app.client.chat.postMessage({
    channel: 'C0GENERAL',
    text: 'forged',
    blocks: [
      forged('REQ-1:2:0000', 'Stale'),
      forged('REQ-99:1:00', 'Unknown'),
      forged('{"id":"REQ-1"}', 'Garbage'),
    ],
  });
  const sam = sandbox.as('U0SAM');
  const message = await sam.sees('Stale', { in: '#general' });
  for (const [label, sentence] of [
    ['Stale', 'has changed since this card was drawn'],
    ['Unknown', 'There is no REQ-99'],
    ['Garbage', 'This button cannot be read'],
  ] as const) {
    await sam.click(label, { in: message });
    await sam.sees(sentence, { ephemeral: true });
  }
  expect(desk.request('REQ-1').reviews).toEqual([]);
});

test('a person who clicks while Slack cannot say who they are is told so, and nothing counts', async () => {
  const { sandbox, desk } = await world({
    verdict: () => needs(1, ['sre'], 'its size'),
    approvers: ['U0SAM'],
  });
  const dana = sandbox.as('U0DANA');
  await dana.command('#general', '/env create checkout-pr-12');
  const card = await dana.sees('0 of 1 approval', { in: '#platform-requests' });
  await sandbox.breakOn({ box: 'slack', operation: 'users.info', fault: { kind: 'status', status: 500 } });
  const sam = sandbox.as('U0SAM');
  await sam.click('Approve', { in: card });
  await sam.sees('Slack does not answer just now', { ephemeral: true });
  expect(desk.request('REQ-1').reviews).toEqual([]);
});
