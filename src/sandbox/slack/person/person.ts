/** What every command of a person begins with: who it is, where they are, and what they may touch. */
import type { SlackContext } from '../context.ts';
import { mayBeSeenBy } from '../messages.ts';
import { type ChannelRecord, findChannel, type MessageRecord, type UserRecord } from '../world.ts';
import { Refusal } from './refusal.ts';

/** @throws Refusal no_such_person, account_inactive. */
export function personNamed(context: SlackContext, id: string): UserRecord {
  const user = context.world.users.get(id);
  if (!user || user.kind === 'bot')
    throw new Refusal('no_such_person', `There is no person ${id} in this workspace.`);
  if (user.kind === 'deactivated') throw new Refusal('account_inactive', 'This account was deactivated.');
  return user;
}

/** @throws Refusal channel_not_found: also for a channel that the person is not in. */
export function channelOf(context: SlackContext, user: UserRecord, idOrName: string): ChannelRecord {
  const channel = findChannel(context.world, idOrName);
  if (!channel?.members.has(user.id)) {
    throw new Refusal('channel_not_found', `${user.realName} is in no channel ${idOrName}.`);
  }
  return channel;
}

/** @throws Refusal message_not_found: also for an ephemeral message of somebody else. */
export function messageOf(channel: ChannelRecord, user: UserRecord, ts: string): MessageRecord {
  const message = channel.messages.get(ts);
  if (!message || !mayBeSeenBy(message, user.id))
    throw new Refusal('message_not_found', 'That message is not there.');
  return message;
}

/** The fields that every interactive payload carries. */
export function payloadBase(context: SlackContext, user: UserRecord) {
  const { team, app } = context.world.seed;
  return {
    // Somebody of another workspace keeps their own team id; `team` is where the app is installed.
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
    api_app_id: app.id,
    token: 'sandbox-verification-token',
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/**
 * Text as Slack sends it on: `&`, `<` and `>` escaped, and names turned into references where a person of that name,
 * a channel or a group exists.
 */
export function escapeText(context: SlackContext, text: string): string {
  const { world } = context;
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped.replace(/(^|[\s(])([@#])([a-z0-9][a-z0-9._-]*)/g, (whole, before, mark, name) => {
    const known = mark === '@' ? reference(context, name) : undefined;
    const channel = mark === '#' ? findChannel(world, `#${name}`) : undefined;
    const found = known ?? (channel ? `<#${channel.id}|${channel.name}>` : undefined);
    return found === undefined ? whole : `${before}${found}`;
  });
}

function reference(context: SlackContext, name: string): string | undefined {
  if (['channel', 'here', 'everyone'].includes(name)) return `<!${name}>`;
  for (const user of context.world.users.values()) if (user.name === name) return `<@${user.id}>`;
  for (const group of context.world.groups.values()) {
    if (group.handle === name) return `<!subteam^${group.id}|@${group.handle}>`;
  }
  return undefined;
}
