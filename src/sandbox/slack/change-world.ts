/** What an administrator of the workspace, or Slack itself, does: people, groups, channels, the app's sockets. */
import type { Outcome, WorldChange } from '../protocol.ts';
import type { SlackContext } from './context.ts';
import type { SocketTransport } from './delivery/sockets.ts';
import { publishEvent } from './events.ts';
import { userJson } from './json.ts';
import { addMessage } from './messages.ts';
import { type ChannelRecord, findChannel } from './world.ts';

export function changeWorld(
  context: SlackContext,
  sockets: SocketTransport | undefined,
  change: WorldChange,
): Outcome {
  switch (change.do) {
    case 'set-person':
      return setPerson(context, change);
    case 'set-group':
      return setGroup(context, change.group, change.members);
    case 'join':
    case 'leave':
      return setMembership(context, change.channel, change.user, change.do);
    case 'archive':
    case 'unarchive':
      return setArchived(context, change.channel, change.do === 'archive');
    case 'share':
    case 'unshare':
      return setShared(context, change.channel, change.do === 'share');
    case 'disconnect-app':
      sockets?.disconnect(change.reason, change.sockets ?? 'all');
      return sockets
        ? { ok: true }
        : refuse('no_sockets', 'The app is connected over HTTP: there are no sockets.');
    case 'drop-app':
      if (change.sockets === 'one') sockets?.dropNext();
      else sockets?.dropAll();
      return sockets
        ? { ok: true }
        : refuse('no_sockets', 'The app is connected over HTTP: there are no sockets.');
    default:
      return change satisfies never;
  }
}

function setPerson(context: SlackContext, change: Extract<WorldChange, { do: 'set-person' }>): Outcome {
  const { world } = context;
  const user = world.users.get(change.user);
  if (!user || user.kind === 'bot') return refuse('user_not_found', `There is no person ${change.user}.`);
  user.kind = change.kind ?? user.kind;
  user.title = change.title ?? user.title;
  user.updatedAt = context.clock.now();
  world.emit({ kind: 'world' });
  publishEvent(context, {
    type: 'user_change',
    user: userJson(world, user, { withEmail: context.app.scopes.has('users:read.email') }),
    cache_ts: Math.floor(context.clock.now() / 1000),
    event_ts: world.nextTs(),
  });
  return { ok: true };
}

function setGroup(context: SlackContext, id: string, members: readonly string[]): Outcome {
  const { world } = context;
  const group = world.groups.get(id);
  if (!group) return refuse('no_such_subteam', `There is no user group ${id}.`);
  const added = members.filter((one) => !group.members.includes(one));
  const removed = group.members.filter((one) => !members.includes(one));
  const previousUpdate = Math.floor(group.updatedAt / 1000);
  group.members = members;
  group.updatedAt = context.clock.now();
  world.emit({ kind: 'world' });
  publishEvent(context, {
    type: 'subteam_members_changed',
    subteam_id: id,
    team_id: world.seed.team.id,
    date_previous_update: previousUpdate,
    date_update: Math.floor(group.updatedAt / 1000),
    added_users: added,
    added_users_count: added.length,
    removed_users: removed,
    removed_users_count: removed.length,
    event_ts: world.nextTs(),
  });
  return { ok: true };
}

function setMembership(context: SlackContext, id: string, user: string, what: 'join' | 'leave'): Outcome {
  const { world } = context;
  const channel = findChannel(world, id);
  const person = world.users.get(user);
  if (!channel || channel.kind === 'im') return refuse('channel_not_found', `There is no channel ${id}.`);
  if (!person) return refuse('user_not_found', `There is no person ${user}.`);
  if (what === 'join') channel.members.add(user);
  else channel.members.delete(user);
  world.emit({ kind: 'world' });
  const text = `<@${user}> has ${what === 'join' ? 'joined' : 'left'} the channel`;
  addMessage(world, channel, { user, text, subtype: `channel_${what}` });
  announce(context, channel, `member_${what === 'join' ? 'joined' : 'left'}_channel`, {
    user,
    team: person.teamId,
  });
  return { ok: true };
}

function setArchived(context: SlackContext, id: string, isArchived: boolean): Outcome {
  const channel = findChannel(context.world, id);
  if (!channel || channel.kind === 'im') return refuse('channel_not_found', `There is no channel ${id}.`);
  channel.isArchived = isArchived;
  context.world.emit({ kind: 'world' });
  announce(context, channel, isArchived ? 'channel_archive' : 'channel_unarchive', {});
  return { ok: true };
}

function setShared(context: SlackContext, id: string, isShared: boolean): Outcome {
  const channel = findChannel(context.world, id);
  if (!channel || channel.kind === 'im') return refuse('channel_not_found', `There is no channel ${id}.`);
  channel.isExtShared = isShared;
  context.world.emit({ kind: 'world' });
  const other = [...context.world.users.values()].find(({ teamId }) => teamId !== context.world.seed.team.id);
  const team = other?.teamId ?? '';
  if (isShared) announce(context, channel, 'channel_shared', { connected_team_id: team });
  else {
    announce(context, channel, 'channel_unshared', {
      previously_connected_team_id: team,
      is_ext_shared: false,
    });
  }
  return { ok: true };
}

function announce(
  context: SlackContext,
  channel: ChannelRecord,
  type: string,
  more: Record<string, unknown>,
): void {
  const isDetailed = type.startsWith('member_');
  publishEvent(
    context,
    {
      type,
      channel: channel.id,
      ...(isDetailed ? { channel_type: channel.kind === 'private' ? 'G' : 'C' } : {}),
      ...more,
      event_ts: context.world.nextTs(),
    },
    { channel },
  );
}

function refuse(error: string, message: string): Outcome {
  return { ok: false, error, message };
}
