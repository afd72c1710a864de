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
    const patch = patchFor(context, user, change);
    if (patch) send(patch);
  });
}

function patchFor(context: SlackContext, user: string, change: Change): FeedPatch | undefined {
  const { world } = context;
  switch (change.kind) {
    case 'message':
      return messagePatch(world, user, change.channel, change.ts);
    case 'message-gone': {
      const channel = channelSeenBy(world, user, change.channel);
      // A reply that went away is told by its parent, which counts one less.
      const parent = change.threadTs && channel?.messages.get(change.threadTs);
      if (channel && parent) return patchOf(world, user, channel, parent);
      return channel && { kind: 'message-gone', channel: channel.id, ts: change.ts };
    }
    case 'read': {
      const channel = change.user === user ? world.channels.get(change.channel) : undefined;
      return channel && { kind: 'read', channel: channel.id, ...unreadOf(world, channel, user) };
    }
    case 'modals':
      return change.user === user ? { kind: 'modals', modals: modalViews(world, user) } : undefined;
    case 'home': {
      const home = change.user === user ? homeView(world, user) : undefined;
      return home && { kind: 'home', home };
    }
    case 'notices':
      return change.user === user ? { kind: 'notices', notices: world.notices.get(user) ?? [] } : undefined;
    case 'connection':
      return { kind: 'connection', connection: context.courier.connection() };
    case 'clock':
      return { kind: 'clock', clock: clockView(context) };
    case 'world': {
      const isStillHere = world.users.has(user) && world.users.get(user)?.kind !== 'deactivated';
      return isStillHere ? { kind: 'view', view: personView(context, user) } : undefined;
    }
    default:
      return change satisfies never;
  }
}

function messagePatch(world: World, user: string, channelId: string, ts: string): FeedPatch | undefined {
  const channel = channelSeenBy(world, user, channelId);
  const message = channel?.messages.get(ts);
  if (!channel || !message || !mayBeSeenBy(message, user)) return undefined;
  // A reply shows under its parent; one that was broadcast shows in both places, and the parent carries the count.
  const parent =
    message.threadTs && !message.isBroadcast ? channel.messages.get(message.threadTs) : undefined;
  return patchOf(world, user, channel, parent ?? message);
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
