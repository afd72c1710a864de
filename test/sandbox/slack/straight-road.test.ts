import type { App } from '@slack/bolt';
import { describe, expect, test } from 'vitest';
import { httpApp, socketApp, stage } from './world.ts';

const form = (title = 'New thing') => ({
  type: 'modal' as const,
  callback_id: 'new_thing',
  title: { type: 'plain_text' as const, text: title },
  submit: { type: 'plain_text' as const, text: 'Create' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'name',
      label: { type: 'plain_text' as const, text: 'Name' },
      element: { type: 'plain_text_input' as const, action_id: 'value' },
    },
    {
      type: 'input' as const,
      block_id: 'size',
      label: { type: 'plain_text' as const, text: 'Size' },
      element: {
        type: 'static_select' as const,
        action_id: 'value',
        options: ['Small', 'Large'].map((text) => ({
          text: { type: 'plain_text' as const, text },
          value: text.toLowerCase(),
        })),
      },
    },
  ],
});

function parrot(app: App) {
  app.command('/parrot', async ({ ack, command }) => ack(command.text));
  app.command('/form', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: form() });
  });
  app.view('new_thing', async ({ ack, view, client, body }) => {
    const name = view.state.values.name?.value?.value ?? '';
    if (name === 'taken') {
      await ack({ response_action: 'errors', errors: { name: 'That name is taken.' } });
      return;
    }
    await ack();
    await client.chat.postMessage({
      channel: 'C0REQUESTS',
      text: `${name} for <@${body.user.id}>`,
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: `*${name}* for <@${body.user.id}>` } },
        {
          type: 'actions',
          elements: [
            {
              type: 'button',
              action_id: 'approve',
              text: { type: 'plain_text', text: 'Approve' },
              value: name,
            },
          ],
        },
      ],
    });
  });
  app.action('approve', async ({ ack, body, client, respond }) => {
    await ack();
    if (body.type !== 'block_actions' || !body.message) return;
    await respond({ text: 'Thank you.', replace_original: false });
    await client.chat.update({
      channel: 'C0REQUESTS',
      ts: body.message.ts,
      text: `approved by <@${body.user.id}>`,
    });
  });
}

async function story(sandbox: Awaited<ReturnType<typeof stage>>['sandbox']) {
  const dana = sandbox.as('U0DANA');
  const lee = sandbox.as('U0LEE');

  await dana.command('#platform-requests', '/parrot hello there');
  await dana.sees('hello there', { ephemeral: true });
  await lee.doesNotSee('hello there');

  await dana.command('#platform-requests', '/form');
  await dana.seesModal('New thing');
  await expect(dana.submit()).rejects.toThrow('Please complete this required field.');
  await dana.fill('Name', 'taken');
  await dana.fill('Size', 'Large');
  await expect(dana.submit()).rejects.toThrow('That name is taken.');
  await dana.fill('Name', 'checkout-pr-12');
  await dana.submit();
  await dana.waitFor({ kind: 'no-modal' });

  const card = await lee.sees('checkout-pr-12 for @dana', { in: '#platform-requests' });
  await lee.click('Approve', { in: card });
  await lee.sees('Thank you.', { ephemeral: true });
  await dana.doesNotSee('Thank you.');
  await dana.sees('approved by @lee');
}

describe('a Bolt app meets its people', () => {
  test('over Socket Mode: command, modal, submission, message, button, response_url', async () => {
    const { box, sandbox } = await stage();
    await socketApp(box, parrot);
    await sandbox.appIs('connected');
    await story(sandbox);
  });

  test('over signed HTTP: the same', async () => {
    const { sandbox } = await httpApp(parrot);
    await story(sandbox);
  });
});
