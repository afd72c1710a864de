/**
 * The human side of the Slack box, as typed JSON over HTTP: what one person sees, and what a person can do.
 * The page, tests and scripts are clients of it. It knows nothing of any bot, and nothing here runs anywhere
 * but in memory: this file holds types, the routes, and one pure function, so a browser can load it as it is.
 *
 * Ours is camelCase; what is Slack's own (blocks, options, state values) keeps Slack's names.
 */

import type {
  AppConnection,
  ChannelView,
  ClockView,
  HomeView,
  MessageView,
  ModalView,
  Notice,
  PersonView,
} from './protocol-views.ts';

export type * from './protocol-commands.ts';
export type * from './protocol-scripts.ts';
export type * from './protocol-views.ts';

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
