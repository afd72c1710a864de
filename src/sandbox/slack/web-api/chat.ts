/** chat.*: the app's messages. */
import { z } from 'zod';
import { checkContent } from '../content.ts';
import type { SlackContext } from '../context.ts';
import { SlackError } from '../errors.ts';
import { publishMessageEvent } from '../events.ts';
import { messageJson } from '../json.ts';
import { limits } from '../limits.ts';
import { addMessage, removeMessage, replaceMessage } from '../messages.ts';
import { type ChannelRecord, findChannel, type MessageRecord, openIm } from '../world.ts';
import { flag, json, type Method, method } from './method.ts';

const content = {
  text: z.string().optional(),
  markdown_text: z.string().optional(),
  blocks: json.optional(),
  attachments: json.optional(),
  metadata: json.optional(),
};

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': method({
    scopes: ['chat:write'],
    tier: 'post',
    rateKey: (args) => String(args.channel),
    args: {
      channel: z.string(),
      ...content,
      thread_ts: z.string().optional(),
      reply_broadcast: flag,
      unfurl_links: flag,
      unfurl_media: flag,
      link_names: flag,
      parse: z.string().optional(),
      mrkdwn: flag,
    },
    run(context, args) {
      const channel = channelToPostIn(context, args.channel);
      const { world } = context;
      const parent = args.thread_ts === undefined ? undefined : threadParent(channel, args.thread_ts);
      const message = addMessage(world, channel, {
        ...checkContent(world, args),
        user: world.seed.app.botUserId,
        botId: world.seed.app.botId,
        ...(parent ? { threadTs: parent.ts } : {}),
        ...(parent && args.reply_broadcast
          ? { isBroadcast: true as const, subtype: 'thread_broadcast' }
          : {}),
      });
      publishMessageEvent(context, channel, message);
      return { channel: channel.id, ts: message.ts, message: messageJson(world, channel, message) };
    },
  }),

  'chat.update': method({
    scopes: ['chat:write'],
    tier: 3,
    args: { channel: z.string(), ts: z.string(), ...content, reply_broadcast: flag, link_names: flag },
    run(context, args) {
      const { world } = context;
      const channel = knownChannel(context, args.channel);
      const before = ownMessage(context, channel, args.ts, 'cant_update_message');
      if ((args.text ?? '').length > limits.updateText.max) throw new SlackError('msg_too_long');
      const after = checkContent(world, args);
      const message = replaceMessage(world, channel, before, {
        text: after.text,
        // Text without blocks drops the blocks, as on Slack; attachments stay only when named again.
        blocks: after.blocks,
        attachments: after.attachments,
        ...(args.metadata === undefined ? {} : { metadata: after.metadata }),
        editedTs: world.nextTs(),
      });
      publishMessageEvent(context, channel, message, { changedFrom: before });
      return {
        channel: channel.id,
        ts: message.ts,
        text: message.text,
        message: withoutPlace(messageJson(world, channel, message)),
      };
    },
  }),

  'chat.delete': method({
    scopes: ['chat:write'],
    tier: 3,
    args: { channel: z.string(), ts: z.string() },
    run(context, args) {
      const channel = knownChannel(context, args.channel);
      const message = ownMessage(context, channel, args.ts, 'cant_delete_message');
      removeMessage(context.world, channel, message);
      return { channel: channel.id, ts: message.ts };
    },
  }),

  'chat.postEphemeral': method({
    scopes: ['chat:write'],
    tier: 4,
    args: {
      channel: z.string(),
      user: z.string(),
      ...content,
      thread_ts: z.string().optional(),
      link_names: flag,
    },
    run(context, args) {
      const { world } = context;
      const channel = channelToPostIn(context, args.channel);
      if (!world.users.has(args.user)) throw new SlackError('user_not_found');
      if (!channel.members.has(args.user)) throw new SlackError('user_not_in_channel');
      const message = addMessage(world, channel, {
        ...checkContent(world, args),
        user: world.seed.app.botUserId,
        botId: world.seed.app.botId,
        visibleTo: args.user,
        ...(args.thread_ts && channel.messages.has(args.thread_ts) ? { threadTs: args.thread_ts } : {}),
      });
      return { message_ts: message.ts };
    },
  }),

  'chat.getPermalink': method({
    scopes: [],
    tier: 'special',
    args: { channel: z.string(), message_ts: z.string() },
    run(context, args) {
      const channel = knownChannel(context, args.channel);
      const message = channel.messages.get(args.message_ts);
      if (!message || message.visibleTo) throw new SlackError('message_not_found');
      const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : '';
      return {
        channel: channel.id,
        permalink: `${context.url()}/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`,
      };
    },
  }),
};

/** `chat.update` answers what was written, not where it stands. */
function withoutPlace(message: Record<string, unknown>): Record<string, unknown> {
  const written = ['user', 'type', 'bot_id', 'app_id', 'bot_profile', 'text', 'team'];
  const kept = [...written, 'blocks', 'attachments', 'metadata', 'edited', 'files'];
  return Object.fromEntries(Object.entries(message).filter(([key]) => kept.includes(key)));
}

/** A channel's id or name, or a person's id for the direct message with them. */
function channelToPostIn(context: SlackContext, id: string): ChannelRecord {
  const { world, app } = context;
  const user = world.users.get(id);
  if (user) {
    if (user.kind === 'deactivated') throw new SlackError('user_disabled');
    if (user.kind === 'bot') throw new SlackError('cannot_dm_bot');
    return openIm(world, user.id);
  }
  const channel = findChannel(world, id);
  const isIn = channel?.members.has(world.seed.app.botUserId) ?? false;
  if (!channel || (channel.kind !== 'channel' && !isIn)) throw new SlackError('channel_not_found');
  if (channel.isArchived) throw new SlackError('is_archived');
  if (!isIn && !app.scopes.has('chat:write.public')) throw new SlackError('not_in_channel');
  return channel;
}

function knownChannel(context: SlackContext, id: string): ChannelRecord {
  const channel = context.world.channels.get(id);
  if (!channel) throw new SlackError('channel_not_found');
  return channel;
}

function threadParent(channel: ChannelRecord, ts: string): MessageRecord {
  const message = channel.messages.get(ts);
  if (!message || message.visibleTo) throw new SlackError('thread_not_found');
  // A reply's own ts works too: the answer goes to the thread that it is in.
  return message.threadTs ? threadParent(channel, message.threadTs) : message;
}

function ownMessage(
  context: SlackContext,
  channel: ChannelRecord,
  ts: string,
  notMine: string,
): MessageRecord {
  const message = channel.messages.get(ts);
  // An ephemeral message is in no history: not even the app that sent it finds it again.
  if (!message || message.visibleTo) throw new SlackError('message_not_found');
  if (message.user !== context.world.seed.app.botUserId) throw new SlackError(notMine);
  if (channel.isArchived) throw new SlackError('is_archived');
  return message;
}
