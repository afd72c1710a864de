/**
 * Everything the Slack box remembers, in memory, and the one place where others learn that something changed.
 * Rules live elsewhere; here is what is true.
 */
import { randomUUID } from 'node:crypto';
import type { WorldClock } from '../clock.ts';
import type { Notice, PersonKind, SlackAttachment, SlackBlock, StateValues } from '../protocol.ts';
import { populate } from './populate.ts';
import type { SlackSeed } from './seed.ts';

export interface UserRecord {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly email: string | undefined;
  title: string;
  readonly avatarColor: string;
  kind: PersonKind;
  readonly teamId: string;
  readonly timeZone: string;
  readonly isAdmin: boolean;
  updatedAt: number;
}

export interface GroupRecord {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  members: readonly string[];
  updatedAt: number;
}

export interface ChannelRecord {
  readonly id: string;
  readonly name: string;
  readonly topic: string;
  readonly kind: 'channel' | 'private' | 'im';
  isExtShared: boolean;
  readonly createdAt: number;
  isArchived: boolean;
  readonly members: Set<string>;
  /** By ts: replies and ephemerals included. */
  readonly messages: Map<string, MessageRecord>;
  /** Every ts in the order of time: read backwards without copying, however long the channel is. */
  readonly order: string[];
  /** The ts of each thread's replies, by the parent's ts. */
  readonly threads: Map<string, string[]>;
}

export interface MessageRecord {
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  readonly botId?: string;
  readonly text: string;
  readonly blocks?: readonly SlackBlock[];
  readonly attachments?: readonly SlackAttachment[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly editedTs?: string;
  readonly threadTs?: string;
  readonly isBroadcast?: true;
  readonly subtype?: string;
  /** Ephemeral: the only person who sees it. */
  readonly visibleTo?: string;
  readonly reactions: readonly { readonly name: string; readonly users: readonly string[] }[];
  readonly files: readonly string[];
}

export interface ViewRecord {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly user: string;
  readonly callbackId: string;
  readonly externalId: string;
  readonly privateMetadata: string;
  readonly title: unknown;
  readonly submit: unknown;
  readonly close: unknown;
  readonly blocks: readonly SlackBlock[];
  readonly clearOnClose: boolean;
  readonly notifyOnClose: boolean;
  readonly submitDisabled: boolean;
  readonly state: StateValues;
  readonly hash: string;
  readonly rootViewId: string;
  readonly previousViewId: string | null;
  readonly errors: Readonly<Record<string, string>>;
  readonly problem: string | undefined;
  readonly busy: boolean;
  /** Where the person stood when it was opened: the default of a conversations_select. */
  readonly channel: string | undefined;
}

export interface FileRecord {
  readonly id: string;
  readonly name: string;
  title: string;
  readonly sizeBytes: number;
  mimetype: string;
  readonly user: string;
  readonly createdAt: number;
  /** What a picture shows, in words. */
  readonly altText: string;
  content: Uint8Array | undefined;
  isComplete: boolean;
  readonly channels: string[];
}

export type Change =
  | { readonly kind: 'message'; readonly channel: string; readonly ts: string }
  | {
      readonly kind: 'message-gone';
      readonly channel: string;
      readonly ts: string;
      readonly threadTs?: string;
    }
  | { readonly kind: 'read'; readonly user: string; readonly channel: string }
  | { readonly kind: 'modals' | 'home' | 'notices'; readonly user: string }
  | { readonly kind: 'connection' }
  | { readonly kind: 'clock' }
  /** People, groups, channels: who is there changed, or all of it was reset. */
  | { readonly kind: 'world' };

export interface World {
  readonly seed: SlackSeed;
  readonly clock: WorldClock;
  bootId: string;
  users: Map<string, UserRecord>;
  groups: Map<string, GroupRecord>;
  channels: Map<string, ChannelRecord>;
  views: Map<string, ViewRecord>;
  /** Ids of open modals by person, the bottom one first. */
  stacks: Map<string, readonly string[]>;
  homes: Map<string, string>;
  files: Map<string, FileRecord>;
  notices: Map<string, readonly Notice[]>;
  /** Last read ts by `person:channel`. */
  lastRead: Map<string, string>;
  /** What a person has set in elements of a message, by `person:channel:ts`. */
  messageStates: Map<string, StateValues>;
  /** A message's ts: unique in the workspace and never going back. */
  nextTs(): string;
  newId(prefix: string): string;
  emit(change: Change): void;
  subscribe(listener: (change: Change) => void): () => void;
  reset(): void;
}

export function createWorld(seed: SlackSeed, clock: WorldClock): World {
  const listeners = new Set<(change: Change) => void>();
  let lastMicros = 0;
  let lastId = 0;

  const world: World = {
    seed,
    clock,
    ...emptyState(),
    nextTs() {
      lastMicros = Math.max(clock.now() * 1000, lastMicros + 100);
      return microsToTs(lastMicros);
    },
    newId: (prefix) => `${prefix}1${(++lastId).toString(36).toUpperCase().padStart(7, '0')}`,
    emit(change) {
      for (const listener of listeners) listener(change);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reset() {
      Object.assign(world, emptyState());
      populate(world);
      world.emit({ kind: 'world' });
    },
  };
  populate(world);
  return world;
}

export function microsToTs(micros: number): string {
  return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;
}

function emptyState() {
  return {
    bootId: randomUUID(),
    users: new Map<string, UserRecord>(),
    groups: new Map<string, GroupRecord>(),
    channels: new Map<string, ChannelRecord>(),
    views: new Map<string, ViewRecord>(),
    stacks: new Map<string, readonly string[]>(),
    homes: new Map<string, string>(),
    files: new Map<string, FileRecord>(),
    notices: new Map<string, readonly Notice[]>(),
    lastRead: new Map<string, string>(),
    messageStates: new Map<string, StateValues>(),
  };
}

/** The direct message of a person with the app; made when it is first asked for. */
export function openIm(world: World, user: string): ChannelRecord {
  const id = `D${user.slice(1)}`;
  const existing = world.channels.get(id);
  if (existing) return existing;
  const im: ChannelRecord = {
    id,
    name: world.seed.app.name,
    topic: '',
    kind: 'im',
    isExtShared: false,
    isArchived: false,
    createdAt: world.clock.now(),
    members: new Set([user, world.seed.app.botUserId]),
    messages: new Map(),
    order: [],
    threads: new Map(),
  };
  world.channels.set(id, im);
  return im;
}

/** By id, or by `#name`. */
export function findChannel(world: World, idOrName: string): ChannelRecord | undefined {
  const direct = world.channels.get(idOrName);
  if (direct) return direct;
  const name = idOrName.replace(/^#/, '');
  for (const channel of world.channels.values()) {
    if (channel.kind !== 'im' && channel.name === name) return channel;
  }
  return undefined;
}

export function addNotice(world: World, user: string, text: string, channel?: string): void {
  const notice: Notice = {
    id: world.newId('N'),
    at: world.clock.now(),
    text,
    ...(channel === undefined ? {} : { channel }),
  };
  world.notices.set(user, [...(world.notices.get(user) ?? []), notice].slice(-20));
  world.emit({ kind: 'notices', user });
}
