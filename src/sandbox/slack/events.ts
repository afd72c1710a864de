/** The Events API: what the app has subscribed to and may read, delivered with up to three retries. */
import type { SlackContext } from './context.ts';
import { messageJson } from './json.ts';
import type { ChannelRecord, MessageRecord } from './world.ts';

type EventBody = { readonly type: string; readonly [key: string]: unknown };

/** After each failed delivery; docs: apis/events-api. */
const retryDelaysMs = [0, 60_000, 5 * 60_000];

/** Which scope an event needs. Not named: none. */
const scopeOfEvent: Record<string, string> = {
  app_mention: 'app_mentions:read',
  'message.channels': 'channels:history',
  'message.groups': 'groups:history',
  'message.im': 'im:history',
  user_change: 'users:read',
  team_join: 'users:read',
  subteam_members_changed: 'usergroups:read',
  member_joined_channel: 'channels:read',
  member_left_channel: 'channels:read',
  channel_archive: 'channels:read',
  channel_shared: 'channels:read',
  channel_unshared: 'channels:read',
  channel_unarchive: 'channels:read',
  reaction_added: 'reactions:read',
  reaction_removed: 'reactions:read',
};

/** `subscription`: its name in the manifest, where that differs from the event's type (`message.channels`). */
export function publishEvent(
  context: SlackContext,
  event: EventBody,
  about: {
    readonly subscription?: string;
    readonly channel?: ChannelRecord;
    readonly actorTeam?: string;
  } = {},
): void {
  const { app, world } = context;
  const subscription = about.subscription ?? event.type;
  const scope = scopeOfEvent[subscription];
  if (!app.events.has(subscription) || (scope && !app.scopes.has(scope))) return;
  const { team } = world.seed;
  const isShared = about.channel?.isExtShared ?? false;
  const payload = {
    token: 'sandbox-verification-token',
    team_id: isShared ? (about.actorTeam ?? team.id) : team.id,
    ...(isShared ? { context_team_id: team.id, context_enterprise_id: null } : {}),
    api_app_id: world.seed.app.id,
    event,
    type: 'event_callback',
    event_id: world.newId('Ev'),
    event_time: Math.floor(context.clock.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: team.id,
        user_id: world.seed.app.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: isShared,
    event_context: `1-${event.type}-${team.id}-${about.channel?.id ?? ''}`,
  };
  void deliverWithRetries(context, event.type, payload);
}

async function deliverWithRetries(
  context: SlackContext,
  type: string,
  payload: Readonly<Record<string, unknown>>,
): Promise<void> {
  let retry: { attempt: number; reason: string } | undefined;
  for (let attempt = 0; ; attempt++) {
    const ack = await context.courier.deliver({
      kind: 'events_api',
      type,
      payload,
      acceptsResponse: false,
      ...(retry ? { retry } : {}),
    });
    const delayMs = retryDelaysMs[attempt];
    if (ack.ok || ack.noRetry || delayMs === undefined) return;
    retry = { attempt: attempt + 1, reason: retryReason(context.app.mode, ack.reason) };
    if (delayMs > 0) await context.clock.sleep(delayMs);
  }
}

function retryReason(mode: 'socket' | 'http', reason: 'timeout' | 'unreachable' | 'http_error'): string {
  if (mode === 'socket') return 'timeout';
  return { timeout: 'http_timeout', unreachable: 'connection_failed', http_error: 'http_error' }[reason];
}

/** `message` (and `app_mention`) events of a conversation that the app is in. */
export function publishMessageEvent(
  context: SlackContext,
  channel: ChannelRecord,
  message: MessageRecord,
  options: { readonly changedFrom?: MessageRecord } = {},
): void {
  const { world } = context;
  const { botUserId } = world.seed.app;
  if (!channel.members.has(botUserId) || message.visibleTo) return;
  const actorTeam = world.users.get(message.user)?.teamId ?? world.seed.team.id;
  const about = { channel, actorTeam };
  const kind = { channel: 'channels', private: 'groups', im: 'im' }[channel.kind];
  const channelType = { channel: 'channel', private: 'group', im: 'im' }[channel.kind];
  const where = { channel: channel.id, event_ts: message.ts, channel_type: channelType };
  const json = messageJson(world, channel, message);
  const isMention = !message.botId && message.text.includes(`<@${botUserId}>`) && channel.kind !== 'im';

  if (options.changedFrom) {
    publishEvent(
      context,
      {
        type: 'message',
        subtype: 'message_changed',
        message: json,
        previous_message: messageJson(world, channel, options.changedFrom),
        hidden: true,
        ts: message.editedTs,
        ...where,
        event_ts: message.editedTs,
      },
      { ...about, subscription: `message.${kind}` },
    );
    return;
  }
  publishEvent(
    context,
    { ...json, type: 'message', ...where },
    { ...about, subscription: `message.${kind}` },
  );
  if (isMention) {
    const { channel_type: _, ...place } = where;
    publishEvent(context, { ...json, type: 'app_mention', ...place }, about);
  }
}
