/** What people do among themselves: talk, react, read. */
import type { Outcome, PersonCommand } from '../../protocol.ts';
import type { SlackContext } from '../context.ts';
import { SlackError } from '../errors.ts';
import { publishMessageEvent } from '../events.ts';
import { addMessage, removeMessage } from '../messages.ts';
import { react, unreact } from '../web-api/reactions.ts';
import type { UserRecord } from '../world.ts';
import { channelOf, escapeText, messageOf } from './person.ts';
import { Refusal } from './refusal.ts';

type Command<Name extends PersonCommand['do']> = Extract<PersonCommand, { do: Name }>;

export function say(context: SlackContext, user: UserRecord, command: Command<'say'>): Outcome {
  const channel = channelOf(context, user, command.channel);
  if (channel.isArchived) throw new Refusal('is_archived', 'This channel is archived.');
  if (
    channel.kind === 'im' &&
    !context.app.takesMessages &&
    channel.members.has(context.world.seed.app.botUserId)
  )
    throw new Refusal('messages_tab_disabled', 'Sending messages to this app has been turned off.');
  if (command.text.trim() === '') throw new Refusal('no_text', 'There is nothing to send.');
  const asked = command.threadTs === undefined ? undefined : messageOf(channel, user, command.threadTs);
  const parent = asked?.threadTs === undefined ? asked : messageOf(channel, user, asked.threadTs);
  if (parent?.visibleTo) throw new Refusal('not_available', 'An ephemeral message has no thread.');
  const message = addMessage(context.world, channel, {
    user: user.id,
    text: escapeText(context, command.text),
    ...(parent ? { threadTs: parent.ts } : {}),
    ...(parent && command.broadcast ? { isBroadcast: true as const, subtype: 'thread_broadcast' } : {}),
  });
  publishMessageEvent(context, channel, message);
  return { ok: true, ts: message.ts };
}

export function reactTo(context: SlackContext, user: UserRecord, command: Command<'react'>): Outcome {
  const channel = channelOf(context, user, command.channel);
  const message = messageOf(channel, user, command.ts);
  if (message.visibleTo) throw new Refusal('not_available', 'An ephemeral message takes no reactions.');
  try {
    (command.remove ? unreact : react)(context, channel, message, user.id, command.name);
    return { ok: true };
  } catch (error) {
    if (error instanceof SlackError)
      throw new Refusal(error.code, `That reaction was refused: ${error.code}.`);
    throw error;
  }
}

export function markRead(context: SlackContext, user: UserRecord, command: Command<'mark-read'>): Outcome {
  const channel = channelOf(context, user, command.channel);
  const newest = channel.order.at(-1) ?? '0';
  context.world.lastRead.set(`${user.id}:${channel.id}`, command.ts ?? newest);
  context.world.emit({ kind: 'read', user: user.id, channel: channel.id });
  return { ok: true };
}

export function dismiss(context: SlackContext, user: UserRecord, command: Command<'dismiss'>): Outcome {
  const channel = channelOf(context, user, command.channel);
  const message = messageOf(channel, user, command.ts);
  if (message.visibleTo !== user.id)
    throw new Refusal('not_ephemeral', 'Only an ephemeral message can be put away.');
  removeMessage(context.world, channel, message);
  return { ok: true };
}

export function dismissNotice(context: SlackContext, user: UserRecord, id: string): Outcome {
  const { world } = context;
  world.notices.set(
    user.id,
    (world.notices.get(user.id) ?? []).filter((notice) => notice.id !== id),
  );
  world.emit({ kind: 'notices', user: user.id });
  return { ok: true };
}
