/**
 * The human side of the Slack box, as typed JSON over HTTP: what one person sees, and what a person can do.
 * The page, tests and scripts are clients of it. It knows nothing of any bot, and nothing here runs anywhere
 * but in memory: this file holds types, the routes, and one pure function, so a browser can load it as it is.
 *
 * Ours is camelCase; what is Slack's own (blocks, options, state values) keeps Slack's names.
 */
import type { ActiveFaultRule, FaultRule } from './faults.ts';
import type { JournalEntry } from './journal.ts';

/** Every route of the control API. `GET` unless said otherwise. */
export const controlRoutes = {
  /** -> `WorldView`. What a "who do I act as" screen needs. */
  world: '/control/world',
  /** `?person=U0DANA` -> `PersonView`. */
  view: '/control/view',
  /** `?person=U0DANA`: Server-Sent Events; each `data:` is one `FeedPatch` (the first one is the whole view). */
  feed: '/control/feed',
  /** `?person=&channel=&before=<ts>&limit=50[&thread=<ts>]` -> `MessagePage`, oldest first. */
  messages: '/control/messages',
  /** POST `CommandRequest` -> `Outcome`. Answers when the app has acknowledged, or when its 3 s are over. */
  command: '/control/command',
  /** POST `WaitRequest` -> `WaitOutcome`. */
  wait: '/control/wait',
  /** -> `ClockView`; POST `{ advanceMs }` -> `ClockView`. */
  clock: '/control/clock',
  /** -> `{ rules: ActiveFaultRule[] }`; POST a `FaultRuleInput` -> `{ id }`; DELETE `[?id=]` removes one or all. */
  faults: '/control/faults',
  /** `?since=<id>` -> `{ entries: JournalEntry[] }`. */
  journal: '/control/journal',
  /** `?since=<id>`: Server-Sent Events; each `data:` is one `JournalEntry`. */
  journalFeed: '/control/journal/feed',
  /** POST `WorldChange` -> `Outcome`. What an administrator, or Slack itself, would do. */
  change: '/control/change',
  /** POST: everything is as in the seed again. -> `Outcome`. */
  reset: '/control/reset',
  /** `<call>` behind it: GET or POST as `world-calls.ts` says. The hand behind the GitHub box. */
  github: '/control/github/',
  /** POST, `<call>` behind it, as `world-calls.ts` says. The hand behind the cluster box. */
  cluster: '/control/cluster/',
} as const;

/** How many of a channel's newest messages (and of a thread's newest replies) a view carries. */
export const messagesPerView = 50;

// What a person sees -------------------------------------------------------------------------------------------

export type PersonKind = 'member' | 'guest' | 'outside' | 'deactivated' | 'bot';

export interface Person {
  /** `U0DANA`. */
  readonly id: string;
  /** The handle, without `@`. */
  readonly name: string;
  readonly realName: string;
  readonly title: string;
  /** `#rrggbb`, from the seed: stands for a picture. */
  readonly avatarColor: string;
  readonly kind: PersonKind;
  readonly teamId: string;
  /** An IANA time zone, `Europe/Berlin`. */
  readonly timeZone: string;
}

export interface UserGroup {
  /** `S0SRE`. */
  readonly id: string;
  /** Without `@`. */
  readonly handle: string;
  readonly name: string;
  readonly members: readonly string[];
}

export interface PersonView {
  readonly me: Person;
  readonly workspace: WorkspaceView;
  /** Everybody, me and the app's bot user included. */
  readonly people: readonly Person[];
  readonly groups: readonly UserGroup[];
  /** Channels that I am in, and my direct messages (`kind: 'im'`), in the seed's order. */
  readonly channels: readonly ChannelView[];
  readonly app: AppView;
  /** Open modals, the bottom one first: the last one is on top. At most 3. */
  readonly modals: readonly ModalView[];
  /** The app's Home tab as last published for me; absent before the first `views.publish`. */
  readonly home?: HomeView;
  /** What Slackbot tells only me, newest last. */
  readonly notices: readonly Notice[];
  readonly connection: AppConnection;
  readonly clock: ClockView;
  /** Changes when the sandbox was started or reset: what came before is gone. */
  readonly bootId: string;
}

export interface WorkspaceView {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
}

export interface WorldView {
  readonly workspace: WorkspaceView;
  readonly people: readonly Person[];
  readonly groups: readonly UserGroup[];
  readonly channels: readonly ChannelInfo[];
  readonly app: AppView;
  readonly connection: AppConnection;
  readonly clock: ClockView;
  readonly bootId: string;
}

export interface ChannelInfo {
  readonly id: string;
  /** Without `#`; for a direct message the other one's handle. */
  readonly name: string;
  readonly topic: string;
  readonly kind: 'channel' | 'private' | 'im';
  readonly isArchived: boolean;
  /** Shared with another company: outside members see it too. */
  readonly isExtShared: boolean;
  readonly members: readonly string[];
}

export interface ChannelView extends ChannelInfo {
  readonly unreadCount: number;
  /** Unread messages that mention me, a group I am in, or everybody; in a direct message all unread ones. */
  readonly mentionCount: number;
  /** The newest `messagesPerView` messages of the channel itself (no thread replies), oldest first. */
  readonly messages: readonly MessageView[];
  /** Whether older messages can be loaded with `controlRoutes.messages`. */
  readonly hasOlder: boolean;
}

export interface MessageView {
  readonly ts: string;
  readonly channel: string;
  /** The person or bot user who wrote it. */
  readonly user: string;
  /** Set when the app wrote it. */
  readonly botId?: string;
  /** mrkdwn, with `<@U...>`, `<!subteam^...>`, `<!date^...>`; entities escaped as Slack does. */
  readonly text: string;
  readonly blocks?: readonly SlackBlock[];
  readonly attachments?: readonly SlackAttachment[];
  /** `{ event_type, event_payload }`. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** When it was edited, as a ts. */
  readonly editedTs?: string;
  /** Only I see it, and it is gone after a reload of the real Slack. */
  readonly ephemeral?: true;
  /** Set on a reply (also on one that was broadcast to the channel). */
  readonly threadTs?: string;
  /** A reply that was "also sent to the channel". */
  readonly isBroadcast?: true;
  /** Set on a message that has replies. */
  readonly thread?: ThreadView;
  readonly reactions: readonly ReactionView[];
  readonly files: readonly FileView[];
  /** `channel_join` and the like: a system line, not something that somebody said. */
  readonly subtype?: string;
}

export interface ThreadView {
  readonly replyCount: number;
  readonly replyUsers: readonly string[];
  readonly latestReplyTs: string;
  /** The newest `messagesPerView` replies that I may see (my ephemeral ones included), oldest first. */
  readonly replies: readonly MessageView[];
}

export interface ReactionView {
  /** Without colons. */
  readonly name: string;
  readonly users: readonly string[];
}

export interface FileView {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimetype: string;
  readonly sizeBytes: number;
  /** Where the content can be read, on the box itself. */
  readonly url: string;
}

/** A block as the app sent it; `block_id` is always there, Slack makes one up when the app does not. */
export interface SlackBlock {
  readonly type: string;
  readonly block_id: string;
  readonly [key: string]: unknown;
}

export interface SlackAttachment {
  readonly color?: string;
  readonly fallback?: string;
  readonly text?: string;
  readonly blocks?: readonly SlackBlock[];
  readonly [key: string]: unknown;
}

/** Slack's own `state.values`: by block id, then by action id. */
export type StateValues = Readonly<Record<string, Readonly<Record<string, StateValue>>>>;

export interface StateValue {
  readonly type: string;
  /** `value`, `selected_option`, `selected_options`, `selected_user`, `selected_date`, ... by type. */
  readonly [key: string]: unknown;
}

export interface ModalView {
  /** `V...`, stable over updates. */
  readonly id: string;
  readonly callbackId: string;
  readonly title: string;
  /** The label of the submit button; absent when the view has none. */
  readonly submit?: string;
  readonly close: string;
  readonly blocks: readonly SlackBlock[];
  readonly state: StateValues;
  /** Per block id: what is wrong with the input, from Slack itself or from the app. */
  readonly errors: Readonly<Record<string, string>>;
  /** Something about the whole view, such as "We had some trouble connecting. Try again?" */
  readonly problem?: string;
  /** A submission is under way: the submit button spins. */
  readonly busy: boolean;
}

export interface HomeView {
  readonly id: string;
  readonly blocks: readonly SlackBlock[];
  readonly state: StateValues;
}

export interface Notice {
  readonly id: string;
  /** Milliseconds since the epoch, in the sandbox's time. */
  readonly at: number;
  /** Where it is shown; absent when it belongs to no channel. */
  readonly channel?: string;
  /** What the person reads: `/env failed with the error "operation_timeout"`. */
  readonly text: string;
}

export interface AppView {
  readonly id: string;
  readonly name: string;
  readonly botUserId: string;
  readonly commands: readonly SlashCommandView[];
  readonly shortcuts: readonly ShortcutView[];
  readonly hasHomeTab: boolean;
  /** Whether people can write to the app in its direct message. */
  readonly takesMessages: boolean;
}

export interface SlashCommandView {
  /** With the slash. */
  readonly command: string;
  readonly description: string;
  readonly usageHint: string;
}

export interface ShortcutView {
  readonly callbackId: string;
  readonly name: string;
  readonly description: string;
  readonly type: 'global' | 'message';
}

export interface AppConnection {
  readonly mode: 'socket' | 'http';
  /** Whether the app can be reached now. Over HTTP: whether somebody listens there, or the last delivery arrived. */
  readonly connected: boolean;
  /** Since when that is so, in the sandbox's time; 0 when the app was never there. */
  readonly sinceAt: number;
  /** How many sockets are open; 0 over HTTP. */
  readonly sockets: number;
  /** How many times the app came (back): a restart of the app adds one. */
  readonly arrivals: number;
}

export interface ClockView {
  /** Milliseconds since the epoch, in the sandbox's time. */
  readonly now: number;
}

export interface MessagePage {
  readonly messages: readonly MessageView[];
  readonly hasOlder: boolean;
}

// The live feed ------------------------------------------------------------------------------------------------

export type FeedPatch =
  /** The whole view: at the start, and after a reset. */
  | { readonly kind: 'view'; readonly view: PersonView }
  /** A message came or changed (also when it got a reply or a reaction). Sort by `ts`. */
  | {
      readonly kind: 'message';
      readonly channel: string;
      readonly message: MessageView;
      readonly unreadCount: number;
      readonly mentionCount: number;
    }
  | { readonly kind: 'message-gone'; readonly channel: string; readonly ts: string }
  | {
      readonly kind: 'read';
      readonly channel: string;
      readonly unreadCount: number;
      readonly mentionCount: number;
    }
  | { readonly kind: 'modals'; readonly modals: readonly ModalView[] }
  | { readonly kind: 'home'; readonly home: HomeView }
  | { readonly kind: 'notices'; readonly notices: readonly Notice[] }
  | { readonly kind: 'connection'; readonly connection: AppConnection }
  | { readonly kind: 'clock'; readonly clock: ClockView };

/** The view after the patch. Pure; parts that did not change keep their identity. */
export function applyPatch(view: PersonView, patch: FeedPatch): PersonView {
  switch (patch.kind) {
    case 'view':
      return patch.view;
    case 'message': {
      const { channel, message, unreadCount, mentionCount } = patch;
      return changeChannel(view, channel, (before) => ({
        ...before,
        unreadCount,
        mentionCount,
        messages: withMessage(before.messages, message),
      }));
    }
    case 'message-gone':
      return changeChannel(view, patch.channel, (before) => ({
        ...before,
        messages: before.messages.filter((message) => message.ts !== patch.ts),
      }));
    case 'read': {
      const { unreadCount, mentionCount } = patch;
      return changeChannel(view, patch.channel, (before) => ({ ...before, unreadCount, mentionCount }));
    }
    case 'modals':
      return { ...view, modals: patch.modals };
    case 'home':
      return { ...view, home: patch.home };
    case 'notices':
      return { ...view, notices: patch.notices };
    case 'connection':
      return { ...view, connection: patch.connection };
    case 'clock':
      return { ...view, clock: patch.clock };
    default:
      return patch satisfies never;
  }
}

function changeChannel(
  view: PersonView,
  id: string,
  change: (before: ChannelView) => ChannelView,
): PersonView {
  return { ...view, channels: view.channels.map((one) => (one.id === id ? change(one) : one)) };
}

function withMessage(messages: readonly MessageView[], message: MessageView): readonly MessageView[] {
  const at = messages.findLastIndex((one) => one.ts <= message.ts);
  if (messages[at]?.ts === message.ts) return messages.with(at, message);
  return messages.toSpliced(at + 1, 0, message);
}

// What a person can do -----------------------------------------------------------------------------------------

/** Where an interactive element stands. An ephemeral message is a message. */
export type Place =
  | { readonly message: { readonly channel: string; readonly ts: string } }
  | { readonly modal: string }
  | { readonly home: true };

/**
 * What an element is set to: the text typed; the `value` of the option chosen (several: a list); the id of the user,
 * conversation or channel chosen; `2026-11-21`, `13:30`, or for a datetimepicker the seconds since the epoch.
 * `null` empties it. A button takes none.
 */
export type ElementValue = string | number | readonly string[] | null;

export type PersonCommand =
  /** `channel` is an id or `#name` everywhere. A line that begins with `/` is said as it stands: use `run`. */
  | {
      readonly do: 'say';
      readonly channel: string;
      readonly text: string;
      readonly threadTs?: string;
      readonly broadcast?: boolean;
    }
  /** A slash command, typed as one line: `/env create`. */
  | { readonly do: 'run'; readonly channel: string; readonly line: string; readonly threadTs?: string }
  /**
   * Uses an interactive element outside of an input block: the app gets `block_actions`. When the element (or the
   * option) has a confirm dialog, the answer is `confirm_required` with that dialog, until `confirmed` is true.
   */
  | {
      readonly do: 'click';
      readonly in: Place;
      readonly blockId: string;
      readonly actionId: string;
      readonly value?: ElementValue;
      readonly confirmed?: boolean;
    }
  /** Sets an input of a modal or of Home. `enter`: the person then pressed Enter in a text field. */
  | {
      readonly do: 'fill';
      readonly in: Place;
      readonly blockId: string;
      readonly actionId: string;
      readonly value: ElementValue;
      readonly enter?: boolean;
    }
  /** Opens, or types into, a select with live options: answers `options` or `optionGroups`. */
  | {
      readonly do: 'load-options';
      readonly in: Place;
      readonly blockId: string;
      readonly actionId: string;
      readonly query: string;
    }
  | { readonly do: 'submit'; readonly modal: string }
  /** `all` closes the whole stack (the x in the corner); otherwise only this view. */
  | { readonly do: 'close'; readonly modal: string; readonly all?: boolean }
  | { readonly do: 'global-shortcut'; readonly callbackId: string }
  | {
      readonly do: 'message-shortcut';
      readonly callbackId: string;
      readonly channel: string;
      readonly ts: string;
    }
  | { readonly do: 'open-home' }
  | {
      readonly do: 'react';
      readonly channel: string;
      readonly ts: string;
      readonly name: string;
      readonly remove?: boolean;
    }
  | { readonly do: 'mark-read'; readonly channel: string; readonly ts?: string }
  /** What the composer suggests for a line that begins with `/`: answers `commands`. */
  | { readonly do: 'complete'; readonly line: string }
  /** Puts away an ephemeral message. */
  | { readonly do: 'dismiss'; readonly channel: string; readonly ts: string }
  | { readonly do: 'dismiss-notice'; readonly id: string };

export interface CommandRequest {
  readonly person: string;
  readonly command: PersonCommand;
}

export interface ConfirmDialog {
  readonly title: string;
  /** mrkdwn or plain text, as the app sent it. */
  readonly text: string;
  readonly confirm: string;
  readonly deny: string;
  readonly style?: string;
}

export type Outcome =
  | {
      readonly ok: true;
      /** Of what was said. */
      readonly ts?: string;
      readonly options?: readonly SlackOption[];
      readonly optionGroups?: readonly { readonly label: string; readonly options: readonly SlackOption[] }[];
      readonly commands?: readonly SlashCommandView[];
    }
  | {
      readonly ok: false;
      /** A code: `confirm_required`, `not_in_channel`, `operation_timeout`, `invalid_input`, ... */
      readonly error: string;
      /** What the person would read. */
      readonly message: string;
      /** With `confirm_required`. */
      readonly confirm?: ConfirmDialog;
    };

export interface SlackOption {
  readonly text: { readonly type: string; readonly text: string };
  readonly value: string;
  readonly description?: { readonly type: string; readonly text: string };
}

// For tests and scripts ----------------------------------------------------------------------------------------

/** What a person waits to see. Texts are compared as the person reads them, ignoring markup. */
export type Condition =
  | {
      readonly kind: 'message';
      readonly contains: string;
      /** Id or `#name`. */
      readonly channel?: string;
      /** A user id. */
      readonly from?: string;
      readonly ephemeral?: boolean;
      /** Only messages after this ts. */
      readonly after?: string;
      /** Replies of this thread only. Without it, replies count too. */
      readonly threadTs?: string;
    }
  | {
      readonly kind: 'modal';
      readonly callbackId?: string;
      readonly title?: string;
      readonly contains?: string;
    }
  | { readonly kind: 'no-modal' }
  | { readonly kind: 'field-error'; readonly contains: string; readonly blockId?: string }
  | { readonly kind: 'home'; readonly contains: string }
  /** Something to use that is called so: a button, an input, an option. `messageTs`: in that message only. */
  | { readonly kind: 'element'; readonly label: string; readonly messageTs?: string }
  | { readonly kind: 'notice'; readonly contains: string }
  | { readonly kind: 'app'; readonly connected: boolean };

export interface WaitRequest {
  readonly person: string;
  readonly until: Condition;
  /** Real milliseconds; 5000 when not given. */
  readonly withinMs?: number;
}

export type WaitOutcome =
  /** `message` is the one that matched, for a condition on messages. */
  | { readonly ok: true; readonly message?: MessageView }
  /** `sees`: the person's whole screen as text. */
  | { readonly ok: false; readonly error: 'wait_timeout'; readonly message: string; readonly sees: string };

export type WorldChange =
  | { readonly do: 'set-person'; readonly user: string; readonly kind?: PersonKind; readonly title?: string }
  | { readonly do: 'set-group'; readonly group: string; readonly members: readonly string[] }
  | { readonly do: 'join' | 'leave'; readonly channel: string; readonly user: string }
  | { readonly do: 'archive' | 'unarchive'; readonly channel: string }
  /** Slack's `disconnect` envelope on every socket; `warning` leaves them open for ten more seconds. */
  | { readonly do: 'disconnect-app'; readonly reason: 'warning' | 'refresh_requested' | 'link_disabled' }
  /** Closes every socket without a word, as a broken network does. */
  | { readonly do: 'drop-app' };

export type FaultRuleInput = Pick<FaultRule, 'box' | 'operation' | 'fault'> & Partial<FaultRule>;
export type { ActiveFaultRule, FaultRule, JournalEntry };
