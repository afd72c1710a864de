/** What a message carries beside its text: metadata, and attachments with their colour bar. */
import { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import { limits } from '../../../src/sandbox/slack/limits.ts';
import { renderAttachments } from '../page/render.ts';
import { botToken, type Stage, socketApp, stage } from './world.ts';

const channel = 'C0REQUESTS';
const client = ({ box }: Stage) =>
  new WebClient(botToken, { slackApiUrl: box.apiUrl, retryConfig: { retries: 0 } });
/** Metadata of exactly so many bytes, in characters of three bytes each as far as that goes. */
const metadata = (bytes: number) => {
  const empty = { event_type: 'request', event_payload: { note: '' } };
  const room = bytes - Buffer.byteLength(JSON.stringify(empty));
  return { ...empty, event_payload: { note: '€'.repeat(Math.floor(room / 3)) + 'x'.repeat(room % 3) } };
};

test('metadata of the largest size is kept and read back, one byte more is refused', async () => {
  const on = await stage();
  const { max } = limits.metadataBytes;
  const { ts } = await client(on).chat.postMessage({ channel, text: 'kept', metadata: metadata(max) });
  const history = await client(on).conversations.history({ channel, include_all_metadata: true, limit: 1 });
  expect(history.messages).toMatchObject([{ ts, metadata: metadata(max) }]);
  await expect(
    client(on).chat.postMessage({ channel: 'C0DEPLOYS', text: 'refused', metadata: metadata(max + 1) }),
  ).rejects.toMatchObject({ data: { error: 'metadata_too_large' } });
});

test('a button in an attachment with a colour bar is seen and works', async () => {
  const on = await stage();
  const clicked = Promise.withResolvers<string>();
  await socketApp(on.box, (app) => {
    app.action('go', async ({ ack, action }) => {
      await ack();
      clicked.resolve((action as { value: string }).value);
    });
  });
  const button = { type: 'button', action_id: 'go', value: 'yes', text: { type: 'plain_text', text: 'Go' } };
  const attachment = { color: '#2eb67d', blocks: [{ type: 'actions', elements: [button] }] };
  await client(on).chat.postMessage({ channel, text: 'A card', attachments: [attachment] });
  const dana = on.sandbox.as('U0DANA');
  const card = await dana.sees('A card', { in: '#platform-requests' });
  expect(card.attachments).toMatchObject([{ color: '#2eb67d' }]);
  await dana.click('Go', { in: card });
  expect(await clicked.promise).toBe('yes');
});

test.each([
  ['#2eb67d', '#2eb67d'],
  ['2eb67d', '#2eb67d'],
])('the page draws the bar of an attachment in %s', async (color, drawn) => {
  expect(await renderAttachments([{ color, text: 'A card' }])).toContain(`--bar:${drawn}`);
});

test('a colour that is none of a colour never reaches the style', async () => {
  const html = await renderAttachments([
    { color: 'red;background:url(https://evil.example)', text: 'A card' },
  ]);
  expect(html).not.toContain('evil.example');
});
