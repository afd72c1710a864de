/** What only tests and scripts want of the world. Part of protocol.ts, through which everybody imports it. */
import type { ActiveFaultRule, FaultRule } from './faults.ts';
import type { JournalEntry } from './journal.ts';
import type { MessageView, PersonKind } from './protocol-views.ts';

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
  /** Another company begins or ends to read along. */
  | { readonly do: 'share' | 'unshare'; readonly channel: string }
  /**
   * Slack's `disconnect` envelope on every socket, or on the one whose turn it is, as Slack renews each at its own time;
   * `warning` leaves them open for ten more seconds.
   */
  | {
      readonly do: 'disconnect-app';
      readonly reason: 'warning' | 'refresh_requested' | 'link_disabled';
      readonly sockets?: 'one' | 'all';
    }
  /** Closes every socket, or the one whose turn it is, without a word, as a broken network does. */
  | { readonly do: 'drop-app'; readonly sockets?: 'one' | 'all' };

export type FaultRuleInput = Pick<FaultRule, 'box' | 'operation' | 'fault'> & Partial<FaultRule>;
export type { ActiveFaultRule, FaultRule, JournalEntry };
