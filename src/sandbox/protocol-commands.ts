/** What a person can do, and what comes of it. Part of protocol.ts, through which everybody imports it. */
import type { SlashCommandView } from './protocol-views.ts';

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
