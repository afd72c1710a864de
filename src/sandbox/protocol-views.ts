/** What a person sees. Part of protocol.ts, through which everybody imports it. */

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
  /** The app that is tried here, other than the other bots of the workspace. */
  readonly isApp?: boolean;
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
  /** What a picture shows, in words. */
  readonly altText: string;
  /** How a text begins; none for what is no text. */
  readonly preview?: string;
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
