/** From a change in the world to the patch that one person's screen needs; nothing for what they may not see. */
import type { FeedPatch } from '../protocol.ts';
import type { SlackContext } from './context.ts';
import { mayBeSeenBy, unreadOf } from './messages.ts';
import { clockView, homeView, messageView, modalViews, personView } from './screen.ts';
import type { Change, ChannelRecord, MessageRecord, World } from './world.ts';

/** Calls `send` with each patch from now on, the first one being the whole view. Returns how to stop. */
export function followScreen(
  context: SlackContext,
  user: string,
  send: (patch: FeedPatch) => void,
): () => void {
  send({ kind: 'view', view: personView(context, user) });
  return context.world.subscribe((change) => {
    for (const patch of patchesFor(context, user, change)) send(patch);
  });
}

function patchesFor(context: SlackContext, user: string, change: Change): FeedPatch[] {
  const { world } = context;
  switch (change.kind) {
    case 'message':
      return messagePatches(world, user, change.channel, change.ts);
    case 'message-gone': {
      const channel = channelSeenBy(world, user, change.channel);
      if (!channel) return [];
      // A reply that went away is told by its parent too, which counts one less.
      const parent = change.threadTs === undefined ? undefined : channel.messages.get(change.threadTs);
      const gone: FeedPatch = { kind: 'message-gone', channel: channel.id, ts: change.ts };
      return parent ? [gone, patchOf(world, user, channel, parent)] : [gone];
    }
    case 'read': {
      const channel = change.user === user ? world.channels.get(change.channel) : undefined;
      return channel ? [{ kind: 'read', channel: channel.id, ...unreadOf(world, channel, user) }] : [];
    }
    case 'modals':
      return change.user === user ? [{ kind: 'modals', modals: modalViews(world, user) }] : [];
    case 'home': {
      const home = change.user === user ? homeView(world, user) : undefined;
      return home ? [{ kind: 'home', home }] : [];
    }
    case 'notices':
      return change.user === user ? [{ kind: 'notices', notices: world.notices.get(user) ?? [] }] : [];
    case 'connection':
      return [{ kind: 'connection', connection: context.courier.connection() }];
    case 'clock':
      return [{ kind: 'clock', clock: clockView(context) }];
    case 'world': {
      const isStillHere = world.users.has(user) && world.users.get(user)?.kind !== 'deactivated';
      return isStillHere ? [{ kind: 'view', view: personView(context, user) }] : [];
    }
    default:
      return change satisfies never;
  }
}

function messagePatches(world: World, user: string, channelId: string, ts: string): FeedPatch[] {
  const channel = channelSeenBy(world, user, channelId);
  const message = channel?.messages.get(ts);
  if (!channel || !message || !mayBeSeenBy(message, user)) return [];
  // A reply shows under its parent; one that was broadcast shows in both places, and the parent carries the count.
  const parent = message.threadTs === undefined ? undefined : channel.messages.get(message.threadTs);
  const shown = parent && !message.isBroadcast ? [parent] : parent ? [parent, message] : [message];
  return shown.map((one) => patchOf(world, user, channel, one));
}

function patchOf(world: World, user: string, channel: ChannelRecord, message: MessageRecord): FeedPatch {
  return {
    kind: 'message',
    channel: channel.id,
    message: messageView(world, channel, message, user),
    ...unreadOf(world, channel, user),
  };
}

function channelSeenBy(world: World, user: string, id: string): ChannelRecord | undefined {
  const channel = world.channels.get(id);
  return channel?.members.has(user) ? channel : undefined;
}
