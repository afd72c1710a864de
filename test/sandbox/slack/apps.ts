/** Small Bolt apps that the contract tests talk to. */
import type { App } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';

const text = (words: string) => ({ type: 'plain_text' as const, text: words });
const option = (words: string) => ({ text: text(words), value: words.toLowerCase() });

export function form(title = 'New thing'): ModalView {
  return {
    type: 'modal',
    callback_id: 'new_thing',
    title: text(title),
    submit: text('Create'),
    notify_on_close: true,
    blocks: [
      {
        type: 'input',
        block_id: 'name',
        label: text('Name'),
        element: { type: 'plain_text_input', action_id: 'value' },
      },
      {
        type: 'input',
        block_id: 'size',
        label: text('Size'),
        dispatch_action: true,
        element: {
          type: 'static_select',
          action_id: 'size',
          initial_option: option('Small'),
          options: [option('Small'), option('Large')],
        },
      },
      {
        type: 'input',
        block_id: 'owner',
        label: text('Owner'),
        optional: true,
        element: { type: 'external_select', action_id: 'owner', min_query_length: 0 },
      },
    ],
  };
}

export const card: KnownBlock[] = [
  { type: 'section', text: { type: 'mrkdwn', text: '*A card*' } },
  {
    type: 'actions',
    block_id: 'decide',
    elements: [
      { type: 'button', action_id: 'approve', text: text('Approve'), value: 'req-1', style: 'primary' },
      {
        type: 'button',
        action_id: 'deny',
        text: text('Deny'),
        style: 'danger',
        confirm: {
          title: text('Deny it?'),
          text: text('It cannot be taken back.'),
          confirm: text('Deny'),
          deny: text('Wait'),
        },
      },
      { type: 'overflow', action_id: 'more', options: [option('Cancel'), option('Details')] },
    ],
  },
];

/** Does a bit of everything, so that every kind of payload is sent. */
export function talkative(app: App): void {
  app.command('/parrot', async ({ ack, command }) => ack(command.text));
  app.command('/form', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: form() });
  });
  app.command('/card', async ({ ack, body, client }) => {
    await ack();
    await client.chat.postMessage({ channel: body.channel_id, text: 'A card', blocks: card });
  });
  app.command('/whisper', async ({ ack, respond }) => {
    await ack();
    await respond({
      text: 'whispered',
      blocks: [
        {
          type: 'section',
          text: text('whispered'),
          accessory: { type: 'button', action_id: 'only', text: text('Only you') },
        },
      ],
    });
  });
  app.view('new_thing', async ({ ack }) => ack());
  app.view({ callback_id: 'new_thing', type: 'view_closed' }, async ({ ack }) => ack());
  app.action(/.*/, async ({ ack }) => ack());
  app.options('owner', async ({ ack }) => ack({ options: [option('pay'), option('search')] }));
  app.shortcut(/.*/, async ({ ack }) => ack());
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: {
        type: 'home',
        blocks: [
          { type: 'header', text: text('Welcome') },
          { type: 'actions', elements: [{ type: 'button', action_id: 'refresh', text: text('Refresh') }] },
        ],
      },
    });
  });
}
