/**
 * A small Bolt app that shows every block and element the page can draw, and says back what it received. It is
 * "somebody else's app": nothing of Greenlight's own is in it.
 */
import { App, LogLevel } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';

export const kitchenManifest = {
  display_information: { name: 'Kitchen sink' },
  features: {
    app_home: { home_tab_enabled: true, messages_tab_enabled: true },
    bot_user: { display_name: 'greenlight', always_online: true },
    shortcuts: [
      { name: 'New request', type: 'global', callback_id: 'new_request', description: 'Ask for something' },
      {
        name: 'Request from this',
        type: 'message',
        callback_id: 'from_message',
        description: 'Start from a message',
      },
    ],
    slash_commands: [
      {
        command: '/show',
        description: 'Post every block',
        usage_hint: '[all|text|card]',
        should_escape: true,
      },
      {
        command: '/form',
        description: 'Open a form with every input',
        usage_hint: '[initial]',
        should_escape: true,
      },
      { command: '/secret', description: 'Whisper something to you', should_escape: true },
      { command: '/silent', description: 'Never answers', should_escape: true },
      { command: '/stack', description: 'Open three modals', should_escape: true },
    ],
  },
  oauth_config: {
    scopes: {
      bot: [
        'commands',
        'chat:write',
        'users:read',
        'channels:read',
        'channels:history',
        'reactions:write',
        'im:history',
        'app_mentions:read',
      ],
    },
  },
  settings: {
    event_subscriptions: { bot_events: ['app_home_opened'] },
    interactivity: { is_enabled: true },
    socket_mode_enabled: true,
  },
};

export interface KitchenApp {
  stop(): Promise<void>;
}

export async function startKitchenApp(apiUrl: string): Promise<KitchenApp> {
  const app = new App({
    token: 'xoxb-sandbox-greenlight',
    appToken: 'xapp-sandbox-greenlight',
    socketMode: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: apiUrl },
  });

  app.command('/show', async ({ ack, say, command }) => {
    await ack();
    const wanted = command.text || 'all';
    if (wanted === 'card') await say(approvalCard());
    else
      await say({
        text: 'Every block',
        blocks: wanted === 'text' ? textBlocks() : [...textBlocks(), ...elementBlocks()],
      });
  });
  app.command('/form', async ({ ack, client, command }) => {
    await ack();
    await client.views.open({ trigger_id: command.trigger_id, view: form() });
  });
  app.command('/secret', async ({ ack }) => {
    await ack({ response_type: 'ephemeral', text: 'Only you can read *this*.' });
  });
  // The app that has gone quiet: no ack, ever.
  app.command('/silent', async () => {});
  app.command('/stack', async ({ ack, client, command }) => {
    await ack();
    await client.views.open({ trigger_id: command.trigger_id, view: stackView(1) });
  });

  app.action('push', async ({ ack, client, body }) => {
    await ack();
    if (!('trigger_id' in body) || !('view' in body) || !body.view) return;
    const depth = Number(body.view.private_metadata) + 1;
    await client.views.push({ trigger_id: body.trigger_id, view: stackView(depth) });
  });
  app.action('typed_live', async ({ ack, body, client }) => {
    await ack();
    if (!('view' in body) || !body.view) return;
    const value = body.view.state.values.live?.typed_live?.value ?? '';
    await client.views.update({
      view_id: body.view.id,
      view: form(`You typed ${[...value].length} characters.`),
    });
  });
  app.action('approve', async ({ ack, body, client }) => {
    await ack();
    if (!('message' in body) || !body.message || !body.channel) return;
    await client.chat.update({
      channel: body.channel.id,
      ts: body.message.ts,
      ...approvalCard(`<@${body.user.id}>`),
    });
  });
  app.action(/.*/, async ({ ack, action, respond, body }) => {
    await ack();
    if (['push', 'typed_live', 'approve'].includes('action_id' in action ? action.action_id : '')) return;
    if (!('message' in body)) return;
    const {
      action_id: id,
      block_id: _block,
      action_ts: _ts,
      type,
      ...rest
    } = action as unknown as Record<string, unknown>;
    const {
      text: _text,
      confirm: _confirm,
      placeholder: _placeholder,
      style: _style,
      initial_option: _initial,
      ...value
    } = rest;
    await respond({
      response_type: 'ephemeral',
      replace_original: false,
      text: `\`${id}\` (${type}) says \`${JSON.stringify(value)}\``,
    });
  });
  app.options(/.*/, async ({ ack, payload }) => {
    const all = ['v1.4.0', 'v1.4.1', 'v1.4.2', 'v1.5.0-rc.1'].filter((name) => name.includes(payload.value));
    await ack({ options: all.map((name) => option(name, name)) });
  });

  app.view('form', async ({ ack, view, client, body }) => {
    const values = view.state.values;
    const email = values.email?.email?.value ?? '';
    if (email.endsWith('@nowhere.example')) {
      await ack({ response_action: 'errors', errors: { email: 'Nobody lives at nowhere.example.' } });
      return;
    }
    await ack();
    const flat = Object.entries(values).map(
      ([block, actions]) => `${block}=${JSON.stringify(Object.values(actions)[0])}`,
    );
    await client.chat.postMessage({
      channel: 'C0REQUESTS',
      text: `<@${body.user.id}> sent:\n\`\`\`${flat.join('\n')}\`\`\``,
    });
  });
  app.view('stack', async ({ ack }) => ack({ response_action: 'clear' }));
  app.shortcut('new_request', async ({ ack, client, shortcut }) => {
    await ack();
    await client.views.open({ trigger_id: shortcut.trigger_id, view: form() });
  });
  app.shortcut('from_message', async ({ ack, client, shortcut }) => {
    await ack();
    await client.views.open({ trigger_id: shortcut.trigger_id, view: stackView(1) });
  });
  app.event('app_home_opened', async ({ client, event }) => {
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: homeBlocks(event.user) },
    });
  });

  await app.start();
  return {
    async stop() {
      await app.stop();
    },
  };
}

const plain = (text: string) => ({ type: 'plain_text' as const, text, emoji: true });
const option = (text: string, value: string) => ({ text: plain(text), value });
const described = (text: string, value: string, description: string) => ({
  ...option(text, value),
  description: plain(description),
});
const options = [option('Small', 'small'), option('Medium', 'medium'), option('Large', 'large')];
/** A one-pixel PNG: tests must not depend on pictures elsewhere. */
const pixel = 'https://acme.example/picture.png';

export function approvalCard(approvedBy?: string): { text: string; blocks: KnownBlock[] } {
  const done = approvedBy !== undefined;
  const status = done
    ? `:white_check_mark: Approved by ${approvedBy}`
    : ':hourglass_flowing_sand: Waiting for 1 of 2 approvals';
  return {
    text: 'Dana Fox asks to deploy payments 1.4.2 to production',
    blocks: [
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          text: `*Deploy <https://github.example/acme/payments|payments> \`v1.4.2\` to production*\n${status}`,
        },
      },
      {
        type: 'section',
        fields: [
          { type: 'mrkdwn', text: '*Requested by*\n<@U0DANA>' },
          { type: 'mrkdwn', text: '*Approvers*\n<!subteam^S0SRE> or <!subteam^S0PAYMENTS>' },
          { type: 'mrkdwn', text: '*Changes*\n3 commits since `v1.4.1`' },
          { type: 'mrkdwn', text: '*Expires*\n<!date^1795262400^{date_short_pretty} at {time}|later>' },
        ],
      },
      {
        type: 'context',
        elements: [
          { type: 'mrkdwn', text: 'Request *GL-42* · rule _production changes_ · policy `a1b2c3d`' },
        ],
      },
      ...(done
        ? []
        : [
            {
              type: 'actions' as const,
              block_id: 'review',
              elements: [
                {
                  type: 'button' as const,
                  action_id: 'approve',
                  style: 'primary' as const,
                  text: plain('Approve'),
                  confirm: {
                    title: plain('Approve this deploy?'),
                    text: {
                      type: 'mrkdwn' as const,
                      text: '`payments v1.4.2` goes to *production* as soon as one more person agrees.',
                    },
                    confirm: plain('Approve'),
                    deny: plain('Not yet'),
                  },
                },
                { type: 'button' as const, action_id: 'deny', style: 'danger' as const, text: plain('Deny') },
                { type: 'button' as const, action_id: 'details', text: plain('Details') },
                {
                  type: 'overflow' as const,
                  action_id: 'more',
                  options: [option('Cancel request', 'cancel'), option('Remind approvers', 'remind')],
                },
              ],
            },
          ]),
    ],
  };
}

function textBlocks(): KnownBlock[] {
  return [
    { type: 'header', text: plain('Every block :rocket:') },
    {
      type: 'section',
      text: {
        type: 'mrkdwn',
        text: '*bold* _italic_ ~strike~ `code` <https://example.com|a link> <@U0SAM> <#C0DEPLOYS> <!subteam^S0SRE> <!here> :tada:\n> quoted &lt;b&gt;text&lt;/b&gt;\n• first\n• second\n```kubectl get pods\nNAME   READY```',
      },
      accessory: { type: 'button', action_id: 'accessory_button', text: plain('Accessory'), value: 'side' },
    },
    { type: 'divider' },
    {
      type: 'context',
      elements: [
        { type: 'image', image_url: pixel, alt_text: 'logo' },
        { type: 'mrkdwn', text: 'context, due <!date^1795262400^{date_long} {time}|later>' },
      ],
    },
    { type: 'image', image_url: pixel, alt_text: 'a chart that is not there', title: plain('Picture') },
    {
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_section',
          elements: [
            { type: 'text', text: 'rich ', style: { bold: true } },
            { type: 'user', user_id: 'U0DANA' },
            { type: 'text', text: ' ' },
            { type: 'emoji', name: 'wave' },
          ],
        },
        {
          type: 'rich_text_list',
          style: 'ordered',
          elements: [
            { type: 'rich_text_section', elements: [{ type: 'text', text: 'one' }] },
            {
              type: 'rich_text_section',
              elements: [{ type: 'link', url: 'https://example.com', text: 'two' }],
            },
          ],
        },
        { type: 'rich_text_quote', elements: [{ type: 'text', text: 'a quote' }] },
        { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'preformatted' }] },
      ],
    },
    {
      type: 'markdown',
      text: '### Markdown\n**bold**, *italic*, [link](https://example.com)\n\n- [x] done\n- [ ] open',
    },
    {
      type: 'table',
      column_settings: [{ align: 'left' }, { align: 'right' }],
      rows: [
        [
          { type: 'raw_text', text: 'Service' },
          { type: 'raw_text', text: 'Version' },
        ],
        [
          { type: 'raw_text', text: 'payments' },
          { type: 'raw_text', text: '1.4.0' },
        ],
        [
          { type: 'raw_text', text: 'checkout' },
          { type: 'raw_text', text: '2.7.0' },
        ],
      ],
    },
  ];
}

function elementBlocks(): KnownBlock[] {
  return [
    {
      type: 'actions',
      block_id: 'buttons',
      elements: [
        { type: 'button', action_id: 'plain_button', text: plain('Plain'), value: 'plain' },
        {
          type: 'button',
          action_id: 'danger_button',
          style: 'danger',
          text: plain('Danger'),
          value: 'danger',
          confirm: {
            title: plain('Sure?'),
            text: plain('It cannot be undone.'),
            confirm: plain('Do it'),
            deny: plain('Stop'),
            style: 'danger',
          },
        },
        {
          type: 'overflow',
          action_id: 'overflow',
          options: [option('First', 'first'), option('Second', 'second')],
        },
      ],
    },
    {
      type: 'actions',
      block_id: 'selects',
      elements: [
        { type: 'static_select', action_id: 'static', placeholder: plain('Pick a size'), options },
        {
          type: 'external_select',
          action_id: 'external',
          placeholder: plain('Pick a version'),
          min_query_length: 0,
        },
        { type: 'users_select', action_id: 'users', placeholder: plain('Pick a person') },
        {
          type: 'conversations_select',
          action_id: 'conversations',
          placeholder: plain('Pick a conversation'),
        },
        { type: 'channels_select', action_id: 'channels', placeholder: plain('Pick a channel') },
      ],
    },
    {
      type: 'actions',
      block_id: 'moments',
      elements: [
        { type: 'datepicker', action_id: 'date', initial_date: '2026-11-21' },
        { type: 'timepicker', action_id: 'time', initial_time: '13:30' },
        { type: 'radio_buttons', action_id: 'radio', options },
        { type: 'checkboxes', action_id: 'checks', options },
      ],
    },
    {
      type: 'section',
      block_id: 'multi',
      text: { type: 'mrkdwn', text: 'Several at once' },
      accessory: {
        type: 'multi_static_select',
        action_id: 'multi_static',
        placeholder: plain('Sizes'),
        option_groups: [
          { label: plain('Usual'), options: options.slice(0, 2) },
          { label: plain('Rare'), options: options.slice(2) },
        ],
      },
    },
  ];
}

function form(liveHint = 'Counts while you type.'): ModalView {
  const input = (block_id: string, label: string, element: object, more: object = {}) =>
    ({
      type: 'input',
      block_id,
      label: plain(label),
      element: { action_id: block_id, ...element },
      ...more,
    }) as KnownBlock;
  return {
    type: 'modal',
    callback_id: 'form',
    title: plain('Request something'),
    submit: plain('Send'),
    close: plain('Cancel'),
    blocks: [
      {
        type: 'section',
        text: { type: 'mrkdwn', text: 'Everything a form can ask. *Small* environments need nobody’s yes.' },
      },
      input(
        'name',
        'Name',
        { type: 'plain_text_input', placeholder: plain('checkout-pr-7'), max_length: 30 },
        { hint: plain('Lower case, digits and dashes.') },
      ),
      input('size', 'Size', {
        type: 'static_select',
        placeholder: plain('Pick one'),
        initial_option: options[0],
        options,
      }),
      input(
        'version',
        'Version',
        { type: 'external_select', placeholder: plain('Search versions'), min_query_length: 0 },
        { optional: true },
      ),
      input(
        'reviewers',
        'Reviewers',
        { type: 'multi_users_select', placeholder: plain('People'), max_selected_items: 2 },
        { optional: true },
      ),
      input(
        'channel',
        'Tell',
        { type: 'conversations_select', placeholder: plain('A channel') },
        { optional: true },
      ),
      input(
        'email',
        'E-mail',
        { type: 'email_text_input', placeholder: plain('you@acme.example') },
        { optional: true },
      ),
      input('link', 'Link', { type: 'url_text_input' }, { optional: true }),
      input(
        'hours',
        'Hours',
        { type: 'number_input', is_decimal_allowed: false, min_value: '1', max_value: '72' },
        { optional: true },
      ),
      input('day', 'Day', { type: 'datepicker' }, { optional: true }),
      input('at', 'Time', { type: 'timepicker' }, { optional: true }),
      input('moment', 'Moment', { type: 'datetimepicker' }, { optional: true }),
      input(
        'addons',
        'Add-ons',
        {
          type: 'checkboxes',
          options: [
            described('Database', 'db', 'A copy of last night'),
            described('Cache', 'cache', 'Empty'),
          ],
        },
        { optional: true },
      ),
      input('tier', 'Tier', { type: 'radio_buttons', options }, { optional: true }),
      {
        type: 'input',
        block_id: 'live',
        label: plain('Live'),
        dispatch_action: true,
        optional: true,
        hint: plain(liveHint),
        element: {
          type: 'plain_text_input',
          action_id: 'typed_live',
          dispatch_action_config: { trigger_actions_on: ['on_character_entered'] },
        },
      },
      input('why', 'Reason', { type: 'plain_text_input', multiline: true }, { optional: true }),
    ],
  };
}

function stackView(depth: number): ModalView {
  return {
    type: 'modal',
    callback_id: 'stack',
    private_metadata: String(depth),
    title: plain(`View ${depth}`),
    submit: plain('Done'),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `This is view ${depth} of a stack.` } },
      ...(depth < 3
        ? [
            {
              type: 'actions' as const,
              elements: [{ type: 'button' as const, action_id: 'push', text: plain('One more') }],
            },
          ]
        : []),
    ],
  };
}

function homeBlocks(user: string): KnownBlock[] {
  return [
    { type: 'header', text: plain('Your requests') },
    {
      type: 'section',
      text: { type: 'mrkdwn', text: `Hello <@${user}>. One of yours is waiting.` },
      accessory: { type: 'button', style: 'primary', action_id: 'home_new', text: plain('New request') },
    },
    { type: 'divider' },
    {
      type: 'section',
      text: {
        type: 'mrkdwn',
        text: '*Deploy payments `v1.4.2` to production*\n:hourglass_flowing_sand: Waiting for 1 of 2 approvals',
      },
      accessory: {
        type: 'overflow',
        action_id: 'home_more',
        options: [option('Cancel', 'cancel'), option('Remind', 'remind')],
      },
    },
    {
      type: 'context',
      elements: [{ type: 'mrkdwn', text: 'GL-42 · asked 12 minutes ago in <#C0REQUESTS>' }],
    },
    { type: 'divider' },
    {
      type: 'section',
      text: {
        type: 'mrkdwn',
        text: '*Environment `checkout-pr-7`*\n:large_green_circle: Running, expires <!date^1795262400^{date_short_pretty} at {time}|soon>',
      },
      accessory: { type: 'button', action_id: 'extend', text: plain('Extend') },
    },
    { type: 'context', elements: [{ type: 'mrkdwn', text: 'GL-41 · small · 0.12 € an hour' }] },
  ];
}
