/** Changes asked for, answers taken back, edits and narrowings as people click them. */
import { expect, test } from 'vitest';
import { needs } from './desk.ts';
import { world } from './world.ts';

async function waiting(count = 2) {
  const stage = await world({
    verdict: ({ cpu }) => needs(Number(cpu) > 4 ? count : 1, ['sre'], 'production changes'),
    approvers: ['U0SAM', 'U0OLGA'],
  });
  const as = (id: string) => stage.sandbox.as(id);
  const [dana, sam, olga] = [as('U0DANA'), as('U0SAM'), as('U0OLGA')];
  await dana.command('#general', '/env create load --cpu 8 --ttl 8h');
  const card = await dana.sees(`0 of ${count} approval`, { in: '#platform-requests' });
  return { ...stage, dana, sam, olga, card };
}

test('changes are asked for with a sentence; the card and the requester say what is waited for; an edit ends it', async () => {
  const { sam, dana, card, desk } = await waiting();
  await sam.click('Request changes', { in: card });
  await sam.fill('What should change', 'Half of it <!channel>, not xoxb-planted-1234567890');
  await sam.submit();
  const asked = await dana.sees('Changes asked', { in: '#platform-requests' });
  expect(asked.text).toMatch(/waiting for its requester, .* asked for changes/);
  expect(asked.text).toContain('Half of it &lt;!channel&gt;');

  await dana.click('Edit this request…', { in: card });
  const { modals } = await dana.view();
  expect(JSON.stringify(modals)).toContain('Edit REQ-1');
  expect(JSON.stringify(modals)).toContain('Sam Okoye asks for changes: Half of it <!channel>');
  expect(JSON.stringify(modals)).not.toContain('xoxb-planted');
  await dana.fill('CPU', '4');
  await dana.submit();
  await dana.sees('0 of 1 approval', { in: '#platform-requests' });
  expect(desk.request('REQ-1')).toMatchObject({
    status: 'waiting',
    reviews: [],
    input: { cpu: 4, ttl: '8h' },
  });
});

test('a click on a second card of a request counts, and takes that card away', async () => {
  const { sam, card, dana, desk, messenger, sandbox } = await waiting();
  const copy = await messenger.showCard(desk.request('REQ-1'), [], undefined);
  await sam.click('Approve', { in: { ...card, ts: copy.ts } });
  const shown = await dana.sees('1 of 2 approval', { in: '#platform-requests' });
  expect(shown.ts).toBe(card.ts);
  const journal = async () => JSON.stringify(await sandbox.journal());
  await expect.poll(journal).toContain('chat.delete');
  expect((await journal()).match(/chat\.delete/g)).toHaveLength(1);
});

test('an answer is taken back from the menu by whoever gave it', async () => {
  const { sam, olga, card, dana, desk } = await waiting();
  await sam.click('Approve', { in: card });
  await dana.sees('1 of 2 approval', { in: '#platform-requests' });
  await olga.click('Take my answer back', { in: card });
  await olga.sees('You have no answer to REQ-1', { ephemeral: true });
  await sam.click('Take my answer back', { in: card });
  await dana.sees('0 of 2 approval', { in: '#platform-requests' });
  expect(desk.request('REQ-1').reviews).toEqual([]);
});

test('an approver lets less through: more is refused in the form, less stands on the card', async () => {
  const { sam, card, dana, desk, logged } = await waiting();
  await sam.click('Approve with less…', { in: card });
  await sam.fill('CPU', '16');
  await expect(sam.submit()).rejects.toThrow(
    /CPU can only be less than 8\. Write less, or ask for changes: .* Reference \S+\./,
  );
  const kept = logged.filter(({ fields }) => fields.code === 'not_narrower');
  expect(kept).toMatchObject([{ message: expect.stringMatching(/^refused: An approver may only let less/) }]);
  await sam.fill('CPU', '4');
  await sam.submit();
  await dana.sees('Narrowed by Sam Okoye from 8 to 4 CPU', { in: '#platform-requests' });
  await expect.poll(() => desk.request('REQ-1')).toMatchObject({ status: 'approved', input: { cpu: 4 } });
});

test('nobody else edits it: the click and the command say whose it is, and no form opens', async () => {
  const { sam, card } = await waiting();
  await sam.click('Edit this request…', { in: card });
  await sam.sees("REQ-1 is Dana Fox's request", { ephemeral: true });
  await sam.command('#general', '/requests edit REQ-1');
  expect((await sam.view()).modals).toEqual([]);
});

test('its requester edits it by a command and from the private reply', async () => {
  const { dana, desk } = await waiting();
  await dana.command('#general', '/requests edit REQ-1');
  await dana.fill('Time to live', '4h');
  await dana.submit();
  await expect.poll(() => desk.request('REQ-1').input.ttl).toBe('4h');
});
