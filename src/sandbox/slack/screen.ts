/** What one person sees, and nothing that they must not: other people's ephemerals and modals never enter it. */
import {
  type AppView,
  type ChannelInfo,
  type ChannelView,
  type ClockView,
  type FileView,
  type HomeView,
  type MessagePage,
  type MessageView,
  type ModalView,
  messagesPerView,
  type Person,
  type PersonView,
  type UserGroup,
  type WorldView,
} from '../protocol.ts';
import type { SlackContext } from './context.ts';
import { listMessages, unreadOf } from './messages.ts';
import { personNamed } from './person/person.ts';
import type { ChannelRecord, FileRecord, MessageRecord, UserRecord, ViewRecord, World } from './world.ts';

/** @throws Refusal no_such_person, account_inactive. */
export function personView(context: SlackContext, id: string): PersonView {
  const { world } = context;
  const user = personNamed(context, id);
  const home = homeView(world, id);
  return {
    me: personOf(user, world),
    workspace: world.seed.team,
    people: [...world.users.values()].map((one) => personOf(one, world)),
    groups: groupsOf(world),
    channels: [...world.channels.values()]
      .filter((channel) => channel.members.has(id))
      .map((channel) => channelView(world, channel, id)),
    app: user.kind === 'outside' ? forOutsiders(appView(context)) : appView(context),
    modals: modalViews(world, id),
    ...(home ? { home } : {}),
    notices: world.notices.get(id) ?? [],
    connection: context.courier.connection(),
    clock: clockView(context),
    bootId: world.bootId,
  };
}

export function worldView(context: SlackContext): WorldView {
  const { world } = context;
  return {
    workspace: world.seed.team,
    people: [...world.users.values()].map((one) => personOf(one, world)),
    groups: groupsOf(world),
    channels: [...world.channels.values()].filter((channel) => channel.kind !== 'im').map(channelInfo),
    app: appView(context),
    connection: context.courier.connection(),
    clock: clockView(context),
    bootId: world.bootId,
  };
}

export function clockView(context: SlackContext): ClockView {
  return { now: context.clock.now() };
}

export function channelView(world: World, channel: ChannelRecord, viewer: string): ChannelView {
  return {
    ...channelInfo(channel),
    ...unreadOf(world, channel, viewer),
    ...messagePage(world, channel, viewer, {}),
  };
}

export function messagePage(
  world: World,
  channel: ChannelRecord,
  viewer: string,
  options: { readonly before?: string; readonly threadTs?: string; readonly limit?: number },
): MessagePage {
  const { limit, ...range } = options;
  const found = listMessages(channel, { viewer, max: limit ?? messagesPerView, ...range });
  return {
    messages: found.messages.map((message) => messageView(world, channel, message, viewer)),
    hasOlder: found.hasOlder,
  };
}

export function messageView(
  world: World,
  channel: ChannelRecord,
  message: MessageRecord,
  viewer: string,
): MessageView {
  const { visibleTo, files, ...rest } = message;
  const replies = channel.threads.get(message.ts);
  const seen =
    replies && listMessages(channel, { viewer, threadTs: message.ts, max: messagesPerView }).messages;
  const open = (replies ?? [])
    .flatMap((ts) => channel.messages.get(ts) ?? [])
    .filter((reply) => !reply.visibleTo);
  return {
    ...rest,
    ...(visibleTo === undefined ? {} : { ephemeral: true as const }),
    ...(seen && seen.length > 0
      ? {
          thread: {
            replyCount: open.length,
            replyUsers: [...new Set(open.map((reply) => reply.user))],
            latestReplyTs: seen.at(-1)?.ts ?? message.ts,
            replies: seen.map((reply) => messageView(world, channel, reply, viewer)),
          },
        }
      : {}),
    files: files.flatMap((id) => fileView(world, id)),
  };
}

export function modalViews(world: World, user: string): readonly ModalView[] {
  return (world.stacks.get(user) ?? []).flatMap((id) => {
    const view = world.views.get(id);
    return view ? [modalView(view)] : [];
  });
}

export function homeView(world: World, user: string): HomeView | undefined {
  const view = world.views.get(world.homes.get(user) ?? '');
  return view && { id: view.id, blocks: view.blocks, state: view.state };
}

function modalView(view: ViewRecord): ModalView {
  return {
    id: view.id,
    callbackId: view.callbackId,
    title: textOf(view.title) ?? '',
    ...(view.submit ? { submit: textOf(view.submit) ?? 'Submit' } : {}),
    close: textOf(view.close) ?? 'Cancel',
    blocks: view.blocks,
    state: view.state,
    errors: view.errors,
    ...(view.problem === undefined ? {} : { problem: view.problem }),
    busy: view.busy,
  };
}

function textOf(text: unknown): string | undefined {
  return typeof text === 'object' && text !== null && 'text' in text ? String(text.text) : undefined;
}

function personOf(user: UserRecord, { seed }: World): Person {
  const { id, name, realName, title, avatarColor, kind, teamId, timeZone } = user;
  const isApp = id === seed.app.botUserId;
  return { id, name, realName, title, avatarColor, kind, teamId, timeZone, isApp };
}

function groupsOf(world: World): UserGroup[] {
  return [...world.groups.values()].map(({ id, handle, name, members }) => ({ id, handle, name, members }));
}

function channelInfo(channel: ChannelRecord): ChannelInfo {
  const { id, name, topic, kind, isArchived, isExtShared, members } = channel;
  return { id, name, topic, kind, isArchived, isExtShared, members: [...members] };
}

function appView(context: SlackContext): AppView {
  const { world, app } = context;
  return {
    id: world.seed.app.id,
    name: world.seed.app.name,
    botUserId: world.seed.app.botUserId,
    commands: app.commands.map(({ command, description, usageHint }) => ({
      command,
      description,
      usageHint,
    })),
    shortcuts: app.shortcuts,
    hasHomeTab: app.hasHomeTab,
    takesMessages: app.takesMessages,
  };
}

/** Another workspace's app offers them nothing but the buttons in its messages. */
function forOutsiders(app: AppView): AppView {
  return { ...app, commands: [], shortcuts: [], hasHomeTab: false };
}

function fileView(world: World, id: string): FileView[] {
  const file = world.files.get(id);
  if (!file) return [];
  const { name, title, mimetype, sizeBytes, altText } = file;
  const url = `/files/${id}/${encodeURIComponent(name)}`;
  return [{ id, name, title, mimetype, sizeBytes, url, altText, ...previewOf(file) }];
}

/** As many lines as Slack shows of a snippet that nobody has opened. */
const previewLinesMax = 12;

function previewOf({ mimetype, content }: FileRecord): { preview?: string } {
  if (!content || !/^(?:text\/|application\/json)/.test(mimetype)) return {};
  const text = new TextDecoder().decode(content.subarray(0, 8_192));
  const lines = text.replace(/\n$/, '').split('\n');
  const shown = lines.slice(0, previewLinesMax).join('\n');
  return { preview: lines.length > previewLinesMax ? `${shown}\n…` : shown };
}
