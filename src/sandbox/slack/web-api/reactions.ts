/** reactions.* */
import { z } from 'zod';
import type { SlackContext } from '../context.ts';
import { SlackError } from '../errors.ts';
import { publishEvent } from '../events.ts';
import { messageJson } from '../json.ts';
import { replaceMessage } from '../messages.ts';
import type { ChannelRecord, MessageRecord } from '../world.ts';
import { type Method, method, visibleChannel } from './method.ts';

const args = { channel: z.string(), timestamp: z.string(), name: z.string() };

export const reactionMethods: Record<string, Method> = {
  'reactions.add': method({
    scopes: ['reactions:write'],
    tier: 3,
    args,
    run(context, { channel: id, timestamp, name }) {
      const channel = visibleChannel(context, id);
      react(context, channel, messageAt(channel, timestamp), context.world.seed.app.botUserId, name);
      return {};
    },
  }),

  'reactions.remove': method({
    scopes: ['reactions:write'],
    tier: 2,
    args,
    run(context, { channel: id, timestamp, name }) {
      const channel = visibleChannel(context, id);
      unreact(context, channel, messageAt(channel, timestamp), context.world.seed.app.botUserId, name);
      return {};
    },
  }),

  'reactions.get': method({
    scopes: ['reactions:read'],
    tier: 3,
    args: { channel: z.string(), timestamp: z.string() },
    run(context, { channel: id, timestamp }) {
      const channel = visibleChannel(context, id);
      const message = messageJson(context.world, channel, messageAt(channel, timestamp));
      return { type: 'message', channel: channel.id, message };
    },
  }),
};

/** @throws SlackError already_reacted, invalid_name. */
export function react(
  context: SlackContext,
  channel: ChannelRecord,
  message: MessageRecord,
  user: string,
  name: string,
): void {
  if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(name)) throw new SlackError('invalid_name');
  const existing = message.reactions.find((one) => one.name === name);
  if (existing?.users.includes(user)) throw new SlackError('already_reacted');
  const reactions = existing
    ? message.reactions.map((one) => (one === existing ? { name, users: [...one.users, user] } : one))
    : [...message.reactions, { name, users: [user] }];
  replaceMessage(context.world, channel, message, { reactions });
  announce(context, 'reaction_added', channel, message, user, name);
}

/** @throws SlackError no_reaction. */
export function unreact(
  context: SlackContext,
  channel: ChannelRecord,
  message: MessageRecord,
  user: string,
  name: string,
): void {
  const existing = message.reactions.find((one) => one.name === name);
  if (!existing?.users.includes(user)) throw new SlackError('no_reaction');
  const reactions = message.reactions
    .map((one) => (one === existing ? { name, users: one.users.filter((id) => id !== user) } : one))
    .filter((one) => one.users.length > 0);
  replaceMessage(context.world, channel, message, { reactions });
  announce(context, 'reaction_removed', channel, message, user, name);
}

function messageAt(channel: ChannelRecord, ts: string): MessageRecord {
  const message = channel.messages.get(ts);
  if (!message || message.visibleTo) throw new SlackError('message_not_found');
  return message;
}

function announce(
  context: SlackContext,
  type: 'reaction_added' | 'reaction_removed',
  channel: ChannelRecord,
  message: MessageRecord,
  user: string,
  reaction: string,
): void {
  if (!channel.members.has(context.world.seed.app.botUserId)) return;
  publishEvent(
    context,
    {
      type,
      user,
      reaction,
      item: { type: 'message', channel: channel.id, ts: message.ts },
      item_user: message.user,
      event_ts: context.world.nextTs(),
    },
    { channel, actorTeam: context.world.users.get(user)?.teamId ?? '' },
  );
}
