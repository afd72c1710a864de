/** Posting, changing, removing and listing messages. Who may is decided by the callers. */
import type { ChannelRecord, MessageRecord, World } from './world.ts';

export type MessageDraft = Omit<MessageRecord, 'ts' | 'channel' | 'reactions' | 'files'> & {
  readonly files?: readonly string[];
};

/** How many ephemeral messages a channel keeps per person: they are private to a session and never history. */
const ephemeralsMax = 20;

export function addMessage(world: World, channel: ChannelRecord, draft: MessageDraft): MessageRecord {
  const message: MessageRecord = {
    ...draft,
    ts: world.nextTs(),
    channel: channel.id,
    reactions: [],
    files: draft.files ?? [],
  };
  channel.messages.set(message.ts, message);
  channel.order.push(message.ts);
  if (message.threadTs) {
    const replies = channel.threads.get(message.threadTs) ?? [];
    replies.push(message.ts);
    channel.threads.set(message.threadTs, replies);
  }
  if (message.visibleTo) forgetOldEphemerals(world, channel, message.visibleTo);
  else if (!message.botId) world.lastRead.set(`${message.user}:${channel.id}`, message.ts);
  world.emit({ kind: 'message', channel: channel.id, ts: message.ts });
  return message;
}

export function replaceMessage(
  world: World,
  channel: ChannelRecord,
  before: MessageRecord,
  changes: Partial<Record<keyof MessageRecord, unknown>>,
): MessageRecord {
  const merged = Object.fromEntries(
    Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined),
  ) as unknown as MessageRecord;
  channel.messages.set(before.ts, merged);
  world.emit({ kind: 'message', channel: channel.id, ts: before.ts });
  return merged;
}

export function removeMessage(world: World, channel: ChannelRecord, message: MessageRecord): void {
  channel.messages.delete(message.ts);
  channel.order.splice(channel.order.lastIndexOf(message.ts), 1);
  if (message.threadTs) {
    const left = (channel.threads.get(message.threadTs) ?? []).filter((ts) => ts !== message.ts);
    if (left.length > 0) channel.threads.set(message.threadTs, left);
    else channel.threads.delete(message.threadTs);
  }
  world.emit({
    kind: 'message-gone',
    channel: channel.id,
    ts: message.ts,
    ...(message.threadTs ? { threadTs: message.threadTs } : {}),
  });
}

export interface ListOptions {
  /** Only messages that this person (or the app, by `undefined`) may see. */
  readonly viewer: string | undefined;
  readonly threadTs?: string;
  readonly before?: string;
  readonly after?: string;
  readonly max: number;
}

/** The newest `max` messages in the given range, oldest first: of the channel itself, or of one thread. */
export function listMessages(
  channel: ChannelRecord,
  options: ListOptions,
): { messages: MessageRecord[]; hasOlder: boolean } {
  const found: MessageRecord[] = [];
  const source =
    options.threadTs === undefined ? channel.order : (channel.threads.get(options.threadTs) ?? []);
  for (let index = source.length - 1; index >= 0; index--) {
    const message = channel.messages.get(source[index] ?? '');
    if (!message || !mayBeSeenBy(message, options.viewer)) continue;
    if (options.threadTs === undefined && message.threadTs && !message.isBroadcast) continue;
    if (options.before !== undefined && message.ts >= options.before) continue;
    if (options.after !== undefined && message.ts <= options.after) break;
    if (found.length === options.max) return { messages: found.reverse(), hasOlder: true };
    found.push(message);
  }
  return { messages: found.reverse(), hasOlder: false };
}

export function mayBeSeenBy(message: MessageRecord, viewer: string | undefined): boolean {
  return message.visibleTo === undefined || message.visibleTo === viewer;
}

/** Counted from the newest back to the last one read. */
export function unreadOf(
  world: World,
  channel: ChannelRecord,
  user: string,
): { unreadCount: number; mentionCount: number } {
  const lastRead = world.lastRead.get(`${user}:${channel.id}`) ?? '0';
  const groups = [...world.groups.values()].filter((group) => group.members.includes(user));
  let unreadCount = 0;
  let mentionCount = 0;
  for (let index = channel.order.length - 1; index >= 0; index--) {
    const message = channel.messages.get(channel.order[index] ?? '');
    if (!message || message.ts <= lastRead) break;
    if (message.user === user || message.visibleTo !== undefined) continue;
    const isReply = message.threadTs !== undefined && !message.isBroadcast;
    if (!isReply) unreadCount++;
    if (channel.kind === 'im' || mentions(message, user, groups)) mentionCount++;
  }
  return { unreadCount, mentionCount };
}

/** Whom a message calls, found once per message: a feed counts unread mentions again with each new one. */
const calledBy = new WeakMap<MessageRecord, ReadonlySet<string>>();
/** One for all of them: most messages call nobody. */
const nobody: ReadonlySet<string> = new Set();

function mentions(message: MessageRecord, user: string, groups: readonly { id: string }[]): boolean {
  const called = calledBy.get(message) ?? readMentions(message);
  if (called.size === 0) return false;
  return called.has(user) || called.has('everybody') || groups.some((group) => called.has(group.id));
}

function readMentions(message: MessageRecord): ReadonlySet<string> {
  const text = message.text + (message.blocks ? JSON.stringify(message.blocks) : '');
  const references = text.matchAll(/<@(U\w+)|<!subteam\^(\w+)|<!(?:channel|here|everyone)/g);
  const names = [...references].map(([, user, group]) => user ?? group ?? 'everybody');
  const called = names.length === 0 ? nobody : new Set(names);
  calledBy.set(message, called);
  return called;
}

function forgetOldEphemerals(world: World, channel: ChannelRecord, user: string): void {
  const mine = [...channel.messages.values()].filter((message) => message.visibleTo === user);
  for (const old of mine.slice(0, -ephemeralsMax)) removeMessage(world, channel, old);
}
