/** Clicks, forms, selects and shortcuts: payloads of all that people were really shown, damaged. */

import { answerActions } from '../../../src/slack/answers.ts';
import { askingActions } from '../../../src/slack/asking-notices.ts';
import { cardActions } from '../../../src/slack/cards/buttons.ts';
import { approveCallback } from '../../../src/slack/forms/approve-form.ts';
import { bypassAction } from '../../../src/slack/forms/bypass.ts';
import { cancelCallback } from '../../../src/slack/forms/cancel-form.ts';
import { changesCallback, denyCallback } from '../../../src/slack/forms/deny-form.ts';
import { enrolCallback } from '../../../src/slack/forms/enrol-form.ts';
import { backAction, formCallback } from '../../../src/slack/forms/form.ts';
import { narrowCallback } from '../../../src/slack/forms/narrow-form.ts';
import { glassActions } from '../../../src/slack/glass-notices.ts';
import { homeActions } from '../../../src/slack/home/offers.ts';
import { lockActions } from '../../../src/slack/lock-notices.ts';
import { alertShortcut } from '../../../src/slack/manifest.ts';
import type { Door, Outcome } from '../door.ts';
import { type LightBot, openLightBot } from '../light-bot.ts';
import { damagedText, damagedValue, nastyText, nastyValue } from '../nasties.ts';
import type { Random } from '../random.ts';

export const payloads: Door = {
  name: 'interaction payloads',
  inputsPerWorld: 3_000,
  async open() {
    const bot = await openLightBot();
    const real = await everyKindOf(bot);
    bot.wrongInLog();
    return {
      make(random) {
        const payload = forged(random, random.pick(real));
        const text = jsonOf(payload);
        // Cut in the middle now and then: half a payload is none.
        const json = random.chance(0.02) ? damagedText(random, text) : text;
        return { text: json, send: () => sent(bot, json) };
      },
      close: () => bot.close(),
    };
  },
};

type Payload = Readonly<Record<string, unknown>>;

const actionIds = [
  ...[cardActions, answerActions, askingActions, glassActions, homeActions, lockActions].flatMap(
    (ids) => Object.values(ids) as string[],
  ),
  ...[bypassAction, backAction, 'answer.run.0', 'home.ask.0', 'home.ask.other', 'field.name', 'nobody.knows'],
];
const callbackIds = [
  ...[formCallback, approveCallback, denyCallback, changesCallback, cancelCallback, narrowCallback],
  ...[enrolCallback, alertShortcut, 'nobody.knows'],
];
const types = [
  ...['block_actions', 'view_submission', 'view_closed', 'block_suggestion', 'shortcut', 'message_action'],
  ...['interactive_message', 'dialog_submission', 'workflow_step_edit', 'nothing'],
];
const people = ['U0DANA', 'U0LEE', 'U0SAM', 'U0PRIYA', 'U0GIL', 'U0RON', 'U0NOBODY'];

/** An element that somebody was shown and may use: a button, a menu, an input. */
interface Shown {
  readonly type: string;
  readonly action_id: string;
  readonly [more: string]: unknown;
}

/** What people see when they have asked, looked and opened forms: every payload is made from it as Slack makes it. */
async function everyKindOf(bot: LightBot): Promise<readonly Payload[]> {
  const command = (user: string, name: string, text: string) =>
    bot.deliver({
      ...person(user),
      team_id: 'T0ACME',
      user_id: user,
      command: name,
      text,
      trigger_id: next(),
    });
  bot.remember(true);
  await command('U0DANA', '/env', 'create first --cpu 8 --ttl 1d');
  await command('U0PRIYA', '/deploy', 'payments v1.4.2 production');
  for (const [name, text] of [
    ['/env', 'create'],
    ['/env', 'create x --blueprint shop'],
    ['/deploy', ''],
    ['/svc', 'scale'],
    ['/code', 'enrol'],
    ['/requests', ''],
    ['/requests', 'REQ-1'],
    ['/requests', 'edit REQ-1'],
    ['/policy', ''],
    ['/env', 'list'],
    ['/lock', 'list'],
  ]) {
    await command('U0DANA', name ?? '', text ?? '');
  }
  await bot.deliver({
    ...{ type: 'event_callback', team_id: 'T0ACME', api_app_id: 'A0GREENLIGHT', event_id: next() },
    event: { type: 'app_home_opened', user: 'U0LEE', tab: 'home', channel: 'D0LEE' },
  });
  for (const element of elementsOf(await bot.shown())) {
    if (element.type === 'button') await bot.deliver(clickOn(element, 'U0LEE'));
  }
  const shown = await bot.shown();
  bot.remember(false);
  const elements = elementsOf(shown);
  const views = shown.flatMap((one) => viewIn(one) ?? []);
  return [
    ...elements.map((element) => clickOn(element, 'U0LEE')),
    ...views.map((view) => ({ ...person('U0LEE'), type: 'view_submission', view: filledIn(view) })),
    ...views.map((view) => ({ ...person('U0LEE'), type: 'view_closed', view, is_cleared: false })),
    ...elements.flatMap((element) =>
      element.type === 'external_select'
        ? [
            {
              ...person('U0LEE'),
              type: 'block_suggestion',
              action_id: element.action_id,
              block_id: 'b',
              value: 'pay',
              view: views[0],
            },
          ]
        : [],
    ),
    {
      ...person('U0LEE'),
      ...{
        type: 'message_action',
        callback_id: alertShortcut,
        message_ts: '1.0',
        channel: { id: 'C0INCIDENTS' },
      },
      message: {
        text: 'payments is down',
        blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'payments' } }],
      },
    },
  ];
}

let trigger = 0;
const next = () => `fuzz.${++trigger}`;

function person(id: string): Payload {
  return {
    ...{
      team: { id: 'T0ACME', domain: 'acme' },
      user: { id, username: id.toLowerCase(), team_id: 'T0ACME' },
    },
    ...{
      api_app_id: 'A0GREENLIGHT',
      token: 'x',
      trigger_id: next(),
      channel: { id: 'C0REQUESTS', name: 'x' },
    },
  };
}

function clickOn(element: Shown, by: string): Payload {
  const options = element.options as { readonly value: string }[] | undefined;
  return {
    ...person(by),
    ...{ type: 'block_actions', container: { type: 'message', message_ts: '1.0', channel_id: 'C0REQUESTS' } },
    actions: [
      {
        ...{ type: element.type, action_id: element.action_id, block_id: 'b', action_ts: next() },
        ...(element.value === undefined ? {} : { value: element.value }),
        ...(options?.[0] ? { selected_option: options[0] } : {}),
      },
    ],
  };
}

/** Everything below that has an action id. */
function elementsOf(value: unknown): readonly Shown[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(elementsOf);
  return 'action_id' in value && 'type' in value ? [value as Shown, ...inside] : inside;
}

type View = Payload & {
  readonly blocks: readonly { readonly block_id?: string; readonly element?: Shown }[];
};

function viewIn(sent: unknown): View | undefined {
  const { view } = (sent ?? {}) as { readonly view?: View };
  return view?.type === 'modal' ? { ...view, id: 'V1', hash: 'h', team_id: 'T0ACME' } : undefined;
}

/** As Slack sends it: each input's answer by block and element. */
function filledIn(view: View): Payload {
  const values = view.blocks.flatMap(({ block_id, element }) =>
    block_id !== undefined && element
      ? [[block_id, { [element.action_id]: answerOf(element) }] as const]
      : [],
  );
  return { ...view, state: { values: Object.fromEntries(values) } };
}

function answerOf(element: Shown): Payload {
  const options = (element.options ?? []) as readonly object[];
  switch (element.type) {
    case 'plain_text_input':
    case 'number_input':
      return { type: element.type, value: String(element.initial_value ?? 'fourth') };
    case 'checkboxes':
      return { type: element.type, selected_options: options.slice(0, 1) };
    default:
      return {
        type: element.type,
        selected_option: element.initial_option ?? options[0] ?? { value: 'payments' },
      };
  }
}

function forged(random: Random, real: Payload): unknown {
  const payload = structuredClone(real) as Record<string, unknown>;
  payload.trigger_id = next();
  if (random.chance(0.3)) payload.user = { ...(payload.user as object), id: random.pick(people) };
  if (random.chance(0.05)) payload.type = random.pick(types);
  const [action] = Array.isArray(payload.actions) ? (payload.actions as Record<string, unknown>[]) : [];
  if (action) {
    if (random.chance(0.6)) action.action_id = random.pick(actionIds);
    if (random.chance(0.4)) action.value = valueFor(random, String(action.value));
    if (random.chance(0.2)) action.selected_option = { value: valueFor(random, String(action.value)) };
  }
  const view = payload.view as Record<string, unknown> | undefined;
  if (view) {
    if (random.chance(0.3)) view.callback_id = random.pick(callbackIds);
    if (random.chance(0.3)) view.private_metadata = metadataFor(random, String(view.private_metadata));
  }
  return random.chance(0.7) ? damagedValue(random, payload) : payload;
}

function valueFor(random: Random, value: string): string {
  return random.chance(0.5) ? damagedText(random, value) : nastyText(random);
}

function metadataFor(random: Random, metadata: string): string {
  try {
    return random.chance(0.5)
      ? damagedText(random, metadata)
      : jsonOf(damagedValue(random, JSON.parse(metadata)));
  } catch {
    return jsonOf(nastyValue(random));
  }
}

/** What is too deep for JSON is text instead: a wire carries only text. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    return '[';
  }
}

async function sent(bot: LightBot, json: string): Promise<Outcome> {
  let body: unknown;
  try {
    body = JSON.parse(json);
  } catch {
    // Bolt's receiver answers that by itself, with 400: signed requests are another door.
    return undefined;
  }
  const { acks } = await bot.deliver(body as Record<string, unknown>);
  return bot.wrongInLog() ?? (acks.length > 0 ? undefined : 'not acknowledged');
}
