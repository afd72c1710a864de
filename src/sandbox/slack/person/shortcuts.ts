/** Global and message shortcuts, and the Home tab. */
import type { Outcome, PersonCommand } from '../../protocol.ts';
import type { SlackContext } from '../context.ts';
import { publishEvent } from '../events.ts';
import { messageJson, viewJson } from '../json.ts';
import { addNotice, openIm, type UserRecord } from '../world.ts';
import { interactionFailure } from './elements.ts';
import { channelOf, messageOf, payloadBase } from './person.ts';
import { Refusal } from './refusal.ts';

type Command<Name extends PersonCommand['do']> = Extract<PersonCommand, { do: Name }>;

export async function globalShortcut(
  context: SlackContext,
  user: UserRecord,
  callbackId: string,
): Promise<Outcome> {
  const shortcut = shortcutNamed(context, user, callbackId, 'global');
  return deliverShortcut(context, user, 'shortcut', undefined, {
    type: 'shortcut',
    ...shortcutBase(context, user),
    callback_id: shortcut.callbackId,
    action_ts: context.world.nextTs(),
    trigger_id: context.triggers.issue({ user: user.id, channel: undefined, viewId: undefined }),
  });
}

export async function messageShortcut(
  context: SlackContext,
  user: UserRecord,
  command: Command<'message-shortcut'>,
): Promise<Outcome> {
  const shortcut = shortcutNamed(context, user, command.callbackId, 'message');
  const channel = channelOf(context, user, command.channel);
  const message = messageOf(channel, user, command.ts);
  if (message.visibleTo) throw new Refusal('not_available', 'An ephemeral message has no shortcuts.');
  const { hooks, triggers, world } = context;
  return deliverShortcut(context, user, 'message_action', channel.id, {
    type: 'message_action',
    ...shortcutBase(context, user),
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
    callback_id: shortcut.callbackId,
    action_ts: world.nextTs(),
    trigger_id: triggers.issue({ user: user.id, channel: channel.id, viewId: undefined }),
    channel: { id: channel.id, name: channel.kind === 'im' ? 'directmessage' : channel.name },
    message_ts: message.ts,
    message: messageJson(world, channel, message),
    response_url: context.url() + hooks.issue({ kind: 'app', user: user.id, channel: channel.id }),
  });
}

/** The person opens the app's Home: the app learns of it as an event, when it has subscribed. */
export function openHome(context: SlackContext, user: UserRecord): Outcome {
  const { world, app } = context;
  if (user.kind === 'outside') throw new Refusal('not_available', 'The app belongs to another workspace.');
  if (!app.hasHomeTab) throw new Refusal('no_home', 'This app has no Home tab.');
  const view = world.views.get(world.homes.get(user.id) ?? '');
  publishEvent(context, {
    type: 'app_home_opened',
    user: user.id,
    channel: openIm(world, user.id).id,
    tab: 'home',
    ...(view ? { view: viewJson(world, view, { withState: true }) } : {}),
    event_ts: world.nextTs(),
  });
  return { ok: true };
}

/** Shortcuts carry less than other interactions: no app id, and of the person only ids and the handle. */
function shortcutBase(context: SlackContext, user: UserRecord) {
  const { api_app_id: _, user: who, ...base } = payloadBase(context, user);
  return { ...base, user: { id: who.id, username: who.username, team_id: who.team_id } };
}

function shortcutNamed(
  context: SlackContext,
  user: UserRecord,
  callbackId: string,
  type: 'global' | 'message',
) {
  if (user.kind === 'outside') throw new Refusal('not_allowed', 'The app belongs to another workspace.');
  const found = context.app.shortcuts.find((one) => one.callbackId === callbackId && one.type === type);
  if (!found) throw new Refusal('no_such_shortcut', `The app has no ${type} shortcut ${callbackId}.`);
  return found;
}

async function deliverShortcut(
  context: SlackContext,
  user: UserRecord,
  type: 'shortcut' | 'message_action',
  channel: string | undefined,
  payload: Readonly<Record<string, unknown>>,
): Promise<Outcome> {
  const ack = await context.courier.deliver({ kind: 'interactive', type, acceptsResponse: false, payload });
  if (ack.ok) return { ok: true };
  const failure = interactionFailure(ack);
  addNotice(context.world, user.id, failure.message, channel);
  throw failure;
}
