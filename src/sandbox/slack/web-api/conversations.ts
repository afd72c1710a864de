/** conversations.*: channels, their members, what was said. */
import { z } from 'zod';
import type { SlackContext } from '../context.ts';
import { SlackError } from '../errors.ts';
import { channelJson, messageJson } from '../json.ts';
import { listMessages } from '../messages.ts';
import { type ChannelRecord, openIm } from '../world.ts';
import { count, flag, type Method, method, paginate, visibleChannel } from './method.ts';

const page = { cursor: z.string().optional(), limit: count };
const range = { latest: z.string().optional(), oldest: z.string().optional(), inclusive: flag };
const readScopes = ['channels:read', 'groups:read', 'im:read', 'mpim:read'];
const historyScopes = ['channels:history', 'groups:history', 'im:history', 'mpim:history'];

export const conversationMethods: Record<string, Method> = {
  'conversations.info': method({
    scopes: readScopes,
    tier: 3,
    args: { channel: z.string(), include_locale: flag, include_num_members: flag },
    run(context, args) {
      const channel = visibleChannel(context, args.channel);
      needScope(context, channel, 'read');
      return {
        channel: {
          ...channelJson(context.world, channel),
          ...(args.include_num_members ? { num_members: channel.members.size } : {}),
        },
      };
    },
  }),

  'conversations.list': method({
    scopes: readScopes,
    tier: 2,
    args: { ...page, types: z.string().optional(), exclude_archived: flag, team_id: z.string().optional() },
    run(context, args) {
      const { world } = context;
      const types = (args.types ?? 'public_channel').split(',').map((one) => one.trim());
      const typeOf = { channel: 'public_channel', private: 'private_channel', im: 'im' };
      const listed = [...world.channels.values()].filter(
        (channel) =>
          types.includes(typeOf[channel.kind]) &&
          (channel.kind === 'channel' || channel.members.has(world.seed.app.botUserId)) &&
          !(args.exclude_archived && channel.isArchived),
      );
      for (const channel of listed) needScope(context, channel, 'read');
      const { items, nextCursor } = paginate(listed, args.cursor, args.limit);
      return {
        channels: items.map((channel) => ({
          ...channelJson(world, channel),
          num_members: channel.members.size,
        })),
        response_metadata: { next_cursor: nextCursor },
      };
    },
  }),

  'conversations.members': method({
    scopes: readScopes,
    tier: 4,
    args: { channel: z.string(), ...page },
    run(context, args) {
      const channel = visibleChannel(context, args.channel);
      needScope(context, channel, 'read');
      const { items, nextCursor } = paginate([...channel.members], args.cursor, args.limit);
      return { members: items, response_metadata: { next_cursor: nextCursor } };
    },
  }),

  'conversations.open': method({
    scopes: ['im:write', 'mpim:write', 'channels:manage', 'groups:write'],
    tier: 3,
    args: {
      users: z.string().optional(),
      channel: z.string().optional(),
      return_im: flag,
      prevent_creation: flag,
    },
    run(context, args) {
      const { world } = context;
      const existing = args.channel === undefined ? undefined : visibleChannel(context, args.channel);
      const ids = (args.users ?? '').split(',').filter(Boolean);
      // Group messages are not served here: an honest no rather than a wrong channel.
      if (!existing && ids.length > 1) throw new SlackError('not_supported_by_sandbox');
      const user = world.users.get(ids[0] ?? '');
      if (!existing && !user) throw new SlackError(args.users ? 'user_not_found' : 'users_list_not_supplied');
      if (user?.kind === 'deactivated') throw new SlackError('user_disabled');
      const wasThere = user ? world.channels.has(`D${user.id.slice(1)}`) : true;
      const im = existing ?? openIm(world, user?.id ?? '');
      if (!wasThere) world.emit({ kind: 'world' });
      return {
        ...(wasThere ? { no_op: true, already_open: true } : {}),
        channel: args.return_im ? channelJson(world, im) : { id: im.id },
      };
    },
  }),

  'conversations.history': method({
    scopes: historyScopes,
    tier: 3,
    args: { channel: z.string(), ...page, ...range, include_all_metadata: flag },
    run: (context, args) => history(context, args, undefined),
  }),

  'conversations.replies': method({
    scopes: historyScopes,
    tier: 3,
    args: { channel: z.string(), ts: z.string(), ...page, ...range, include_all_metadata: flag },
    run: (context, args) => history(context, args, args.ts),
  }),
};

interface HistoryArgs {
  readonly channel: string;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
  readonly latest?: string | undefined;
  readonly oldest?: string | undefined;
  readonly inclusive?: boolean | undefined;
  readonly include_all_metadata?: boolean | undefined;
}

/** A channel newest first; a thread its parent first, then oldest first: as Slack does. */
function history(context: SlackContext, args: HistoryArgs, threadTs: string | undefined) {
  const { world } = context;
  const channel = visibleChannel(context, args.channel);
  needScope(context, channel, 'history');
  if (!channel.members.has(world.seed.app.botUserId)) throw new SlackError('not_in_channel');
  const parent = threadTs === undefined ? undefined : channel.messages.get(threadTs);
  if (threadTs !== undefined && (!parent || parent.visibleTo)) throw new SlackError('thread_not_found');
  const found = listMessages(channel, {
    viewer: undefined,
    max: Number.MAX_SAFE_INTEGER,
    ...(threadTs === undefined ? {} : { threadTs }),
  }).messages;
  const ordered = parent ? [parent, ...found] : found.reverse();
  const within = ordered.filter((message) => {
    const isEdge = args.inclusive && (message.ts === args.latest || message.ts === args.oldest);
    return (
      isEdge || ((!args.latest || message.ts < args.latest) && (!args.oldest || message.ts > args.oldest))
    );
  });
  const { items, nextCursor } = paginate(within, args.cursor, args.limit, 999);
  return {
    messages: items.map((message) => {
      const { metadata, ...rest } = messageJson(world, channel, message);
      return args.include_all_metadata && metadata ? { ...rest, metadata } : rest;
    }),
    has_more: nextCursor !== '',
    ...(threadTs === undefined ? { pin_count: 0 } : {}),
    response_metadata: { next_cursor: nextCursor },
  };
}

/** Each kind of conversation has its own scope. @throws SlackError missing_scope. */
function needScope(context: SlackContext, channel: ChannelRecord, what: 'read' | 'history'): void {
  const needed = `${{ channel: 'channels', private: 'groups', im: 'im' }[channel.kind]}:${what}`;
  if (context.app.scopes.has(needed)) return;
  throw new SlackError('missing_scope', { needed, provided: [...context.app.scopes].join(',') });
}
