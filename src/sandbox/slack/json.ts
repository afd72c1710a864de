/** Records in Slack's own JSON, as the Web API answers them and as payloads carry them. */
import type {
  ChannelRecord,
  FileRecord,
  GroupRecord,
  MessageRecord,
  UserRecord,
  ViewRecord,
  World,
} from './world.ts';

type Json = Record<string, unknown>;

export function userJson(world: World, user: UserRecord, options: { readonly withEmail: boolean }): Json {
  const isOutside = user.kind === 'outside';
  const isBot = user.kind === 'bot';
  const seconds = Math.floor(user.updatedAt / 1000);
  const profile = {
    title: user.title,
    phone: '',
    skype: '',
    real_name: user.realName,
    real_name_normalized: user.realName,
    display_name: user.name,
    display_name_normalized: user.name,
    status_text: '',
    status_emoji: '',
    status_expiration: 0,
    avatar_hash: '',
    ...(isBot ? { api_app_id: world.seed.app.id, always_active: true, bot_id: world.seed.app.botId } : {}),
    // The address of an outside member stays with their own company.
    ...(options.withEmail && user.email && !isOutside ? { email: user.email } : {}),
    team: user.teamId,
  };
  const identity = {
    id: user.id,
    team_id: user.teamId,
    name: user.name,
    deleted: user.kind === 'deactivated',
    profile,
    is_bot: isBot,
    is_app_user: false,
    updated: seconds,
  };
  // Slack leaves everything else out for somebody who was deactivated.
  if (user.kind === 'deactivated') return identity;
  return {
    ...identity,
    color: user.avatarColor.slice(1),
    real_name: user.realName,
    tz: user.timeZone,
    tz_label: user.timeZone,
    tz_offset: offsetSeconds(user.timeZone, world.clock.now()),
    is_admin: user.isAdmin,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: user.kind === 'guest',
    is_ultra_restricted: false,
    ...(isOutside ? { is_stranger: true } : {}),
    is_email_confirmed: !isBot,
    who_can_share_contact_card: 'EVERYONE',
  };
}

export function channelJson(world: World, channel: ChannelRecord): Json {
  const { botUserId } = world.seed.app;
  const created = Math.floor(channel.createdAt / 1000);
  const teams = new Set([...channel.members].map((id) => world.users.get(id)?.teamId ?? world.seed.team.id));
  if (channel.kind === 'im') {
    const other = [...channel.members].find((id) => id !== botUserId);
    return {
      id: channel.id,
      created,
      is_archived: false,
      is_im: true,
      is_org_shared: false,
      context_team_id: world.seed.team.id,
      updated: channel.createdAt,
      user: other,
    };
  }
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'channel',
    is_group: channel.kind === 'private',
    is_im: false,
    is_mpim: false,
    is_private: channel.kind === 'private',
    created,
    updated: channel.createdAt,
    is_archived: channel.isArchived,
    is_general: channel.name === 'general',
    unlinked: 0,
    is_shared: channel.isExtShared,
    is_org_shared: false,
    is_pending_ext_shared: false,
    pending_shared: [],
    is_ext_shared: channel.isExtShared,
    ...(channel.isExtShared
      ? {
          shared_team_ids: [...teams],
          internal_team_ids: [world.seed.team.id],
          connected_team_ids: [...teams].filter((team) => team !== world.seed.team.id),
          conversation_host_id: world.seed.team.id,
        }
      : { shared_team_ids: [world.seed.team.id] }),
    context_team_id: world.seed.team.id,
    creator: world.seed.people[0]?.id ?? '',
    is_member: channel.members.has(botUserId),
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    previous_names: [],
  };
}

export function messageJson(world: World, channel: ChannelRecord, message: MessageRecord): Json {
  const replies = channel.threads.get(message.ts);
  const replyUsers = [...new Set((replies ?? []).map((ts) => channel.messages.get(ts)?.user ?? ''))];
  const author = world.users.get(message.user);
  return {
    user: message.user,
    type: 'message',
    ts: message.ts,
    ...(message.subtype ? { subtype: message.subtype } : {}),
    ...(message.botId
      ? { bot_id: message.botId, app_id: world.seed.app.id, bot_profile: botProfileJson(world) }
      : {}),
    text: message.text,
    team: author?.teamId ?? world.seed.team.id,
    ...(message.threadTs
      ? { thread_ts: message.threadTs, parent_user_id: channel.messages.get(message.threadTs)?.user ?? '' }
      : {}),
    ...(replies
      ? {
          thread_ts: message.ts,
          reply_count: replies.length,
          reply_users_count: replyUsers.length,
          latest_reply: replies.at(-1),
          reply_users: replyUsers.slice(0, 5),
          is_locked: false,
          subscribed: false,
        }
      : {}),
    ...(message.blocks ? { blocks: message.blocks } : {}),
    ...(message.attachments ? { attachments: message.attachments } : {}),
    ...(message.metadata ? { metadata: message.metadata } : {}),
    ...(message.editedTs ? { edited: { user: message.user, ts: message.editedTs } } : {}),
    ...(message.reactions.length > 0
      ? { reactions: message.reactions.map((one) => ({ ...one, count: one.users.length })) }
      : {}),
    ...(message.files.length > 0
      ? {
          files: message.files.flatMap((id) => {
            const file = world.files.get(id);
            return file ? [fileJson(world, file, '')] : [];
          }),
        }
      : {}),
  };
}

export function botProfileJson(world: World): Json {
  const { app, team } = world.seed;
  return {
    id: app.botId,
    deleted: false,
    name: app.name,
    updated: 0,
    app_id: app.id,
    icons: { image_36: '', image_48: '', image_72: '' },
    team_id: team.id,
  };
}

/** `state`: left empty in answers of `views.*`, as Slack does; whole in payloads. */
export function viewJson(world: World, view: ViewRecord, options: { readonly withState: boolean }): Json {
  const { app, team } = world.seed;
  return {
    id: view.id,
    team_id: team.id,
    type: view.type,
    blocks: view.blocks,
    private_metadata: view.privateMetadata,
    callback_id: view.callbackId,
    state: { values: options.withState ? view.state : {} },
    hash: view.hash,
    title: view.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: view.clearOnClose,
    notify_on_close: view.notifyOnClose,
    close: view.close ?? null,
    submit: view.submit ?? null,
    previous_view_id: view.previousViewId,
    root_view_id: view.rootViewId,
    app_id: app.id,
    external_id: view.externalId,
    app_installed_team_id: team.id,
    bot_id: app.botId,
  };
}

export function groupJson(world: World, group: GroupRecord, options: { readonly withUsers: boolean }): Json {
  const seconds = Math.floor(group.updatedAt / 1000);
  return {
    id: group.id,
    team_id: world.seed.team.id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    description: '',
    handle: group.handle,
    is_external: false,
    date_create: seconds,
    date_update: seconds,
    date_delete: 0,
    auto_type: null,
    auto_provision: false,
    enterprise_subteam_id: '',
    created_by: world.seed.people[0]?.id ?? '',
    updated_by: world.seed.people[0]?.id ?? '',
    deleted_by: null,
    prefs: { channels: [], groups: [] },
    ...(options.withUsers ? { users: group.members } : {}),
    user_count: group.members.length,
    channel_count: 0,
  };
}

export function fileJson(world: World, file: FileRecord, baseUrl: string): Json {
  const seconds = Math.floor(file.createdAt / 1000);
  return {
    id: file.id,
    created: seconds,
    timestamp: seconds,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.name.split('.').at(-1) ?? 'text',
    user: file.user,
    user_team: world.seed.team.id,
    size: file.sizeBytes,
    mode: 'hosted',
    is_external: false,
    is_public: true,
    ...(file.altText === '' ? {} : { alt_txt: file.altText }),
    public_url_shared: false,
    url_private: `${baseUrl}/files/${file.id}/${encodeURIComponent(file.name)}`,
    url_private_download: `${baseUrl}/files/${file.id}/${encodeURIComponent(file.name)}`,
    permalink: `${baseUrl}/files/${file.id}/${encodeURIComponent(file.name)}`,
    channels: file.channels,
    groups: [],
    ims: [],
  };
}

function offsetSeconds(timeZone: string, now: number): number {
  const name = offsetFormat(timeZone)
    .formatToParts(now)
    .find((part) => part.type === 'timeZoneName')?.value;
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(name ?? '');
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 3600 + Number(match[3]) * 60);
}

/** Making one takes a hundred times as long as using it. */
const offsetFormats = new Map<string, Intl.DateTimeFormat>();

function offsetFormat(timeZone: string): Intl.DateTimeFormat {
  const known = offsetFormats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  offsetFormats.set(timeZone, format);
  return format;
}
