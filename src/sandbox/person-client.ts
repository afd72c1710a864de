/** One person at the sandbox: what they do and see, found by what is written on the screen. */
import { type ElementLike, findByLabel, isSame, labelsOf, optionsOf, type SeenElement } from './find.ts';
import {
  type CommandRequest,
  type Condition,
  type ConfirmDialog,
  controlRoutes,
  type ElementValue,
  type MessageView,
  type ModalView,
  type Outcome,
  type PersonCommand,
  type PersonView,
  type SlackOption,
  type SlashCommandView,
  type WaitOutcome,
} from './protocol.ts';
import { messageText, screenText } from './seen.ts';

export interface PersonClient {
  readonly id: string;
  /** Says something; the message's ts. */
  say(
    channel: string,
    text: string,
    options?: { readonly thread?: MessageView; readonly broadcast?: boolean },
  ): Promise<string>;
  /** Types a slash command. @throws SandboxError with what Slackbot tells the person when it fails. */
  command(channel: string, line: string): Promise<void>;
  /**
   * Clicks a button, or chooses an option of a menu, by what is written on it. `confirm: true` also says yes to the
   * confirm dialog; without it such a click throws `confirm_required`.
   */
  click(label: string, options?: ClickOptions): Promise<void>;
  /** Chooses an option (or several) in a menu outside of a form; both by what is written. */
  choose(menu: string, choice: string | readonly string[], options?: ClickOptions): Promise<void>;
  /** Sets an input by its label or block id: text, date (`2026-11-21`), or the label of an option, person or channel. */
  fill(label: string, value: ElementValue, options?: { readonly enter?: boolean }): Promise<void>;
  submit(): Promise<void>;
  /** Closes the modal on top, or with `all` the whole stack. */
  close(options?: { readonly all?: boolean }): Promise<void>;
  /** A global shortcut by its name or callback id; with a message, a message shortcut. */
  shortcut(name: string, on?: MessageView): Promise<void>;
  openHome(): Promise<void>;
  react(message: MessageView, name: string): Promise<void>;
  markRead(channel: string): Promise<void>;
  suggestions(line: string): Promise<readonly SlashCommandView[]>;
  /** Waits for a message (replies and ephemerals count) that reads so. */
  sees(text: string, options?: SeesOptions): Promise<MessageView>;
  /** @throws SandboxError when the person sees such a message now. Does not wait. */
  doesNotSee(text: string): Promise<void>;
  /** Waits for a modal and returns it. */
  seesModal(title?: string): Promise<ModalView>;
  /** Waits for the Home tab to read so. */
  seesHome(text: string): Promise<void>;
  /** Waits for a line that Slackbot shows only to this person. */
  seesNotice(text: string): Promise<void>;
  waitFor(condition: Condition, withinMs?: number): Promise<MessageView | undefined>;
  view(): Promise<PersonView>;
  /** The whole screen as text. */
  screen(): Promise<string>;
  /** A command of the protocol as it stands, answered as it is. */
  perform(command: PersonCommand): Promise<Outcome>;
}

interface ClickOptions {
  /** Only in this message, or only on the Home tab. */
  readonly in?: MessageView | 'home';
  readonly confirm?: boolean;
}

export interface SeesOptions {
  /** Id or `#name`. */
  readonly in?: string;
  readonly from?: string;
  readonly ephemeral?: boolean;
  /** Only messages newer than this one. */
  readonly after?: MessageView;
  readonly thread?: MessageView;
  readonly withinMs?: number;
}

/** Something a person could not do or did not see. The message ends with their screen. */
export class SandboxError extends Error {
  /** The protocol's code: `confirm_required`, `operation_timeout`, `not_found`, `wait_timeout`, ... */
  readonly code: string;
  readonly confirm: ConfirmDialog | undefined;

  constructor(code: string, message: string, screen: string, confirm?: ConfirmDialog) {
    super(`${message} (${code})${screen === '' ? '' : `\n\n${screen}`}`);
    this.code = code;
    this.confirm = confirm;
  }
}

/** Calls a route of the control API. */
export type Call = <T>(path: string, method?: string, body?: unknown) => Promise<T>;

export function personClient(id: string, call: Call): PersonClient {
  const view = () => call<PersonView>(`${controlRoutes.view}?person=${encodeURIComponent(id)}`);
  const screen = async () => screenText(await view());
  const perform = (command: PersonCommand) =>
    call<Outcome>(controlRoutes.command, 'POST', { person: id, command } satisfies CommandRequest);

  const must = async (command: PersonCommand): Promise<Extract<Outcome, { ok: true }>> => {
    const outcome = await perform(command);
    if (outcome.ok) return outcome;
    throw new SandboxError(outcome.error, outcome.message, await screen(), outcome.confirm);
  };

  const waitFor = async (until: Condition, withinMs?: number): Promise<MessageView | undefined> => {
    const outcome = await call<WaitOutcome>(controlRoutes.wait, 'POST', {
      person: id,
      until,
      ...(withinMs === undefined ? {} : { withinMs }),
    });
    if (!outcome.ok) throw new SandboxError(outcome.error, outcome.message, outcome.sees);
    return outcome.message;
  };

  /** Looks at once, and when it is not there waits for it to come. */
  const find = async (label: string, within?: ClickOptions['in']): Promise<SeenElement> => {
    const isWithin = ({ place, message }: SeenElement) =>
      within === 'home' ? 'home' in place : !within || message?.ts === within.ts;
    const look = async () => {
      const seen = await view();
      const found = findByLabel(seen, label).find(isWithin);
      return { seen, found };
    };
    const first = await look();
    if (first.found) return first.found;
    try {
      const messageTs = typeof within === 'object' ? { messageTs: within.ts } : {};
      await waitFor({ kind: 'element', label, ...messageTs });
    } catch (error) {
      const there = labelsOf((await look()).seen)
        .map((one) => `"${one}"`)
        .join(', ');
      const message = `Nothing here is called "${label}". There is: ${there || 'nothing to use'}.`;
      throw error instanceof SandboxError
        ? new SandboxError('no_such_element', message, await screen())
        : error;
    }
    const again = await look();
    if (again.found) return again.found;
    throw new SandboxError('no_such_element', `"${label}" came and went.`, await screen());
  };

  const at = (found: SeenElement) => ({
    in: found.place,
    blockId: found.block.block_id,
    actionId: found.element.action_id,
  });

  /** From what a person reads to what the protocol takes. */
  const valueNamed = async (found: SeenElement, named: ElementValue): Promise<ElementValue> => {
    if (named === null || typeof named === 'number') return named;
    const { element } = found;
    const wanted = typeof named === 'string' ? [named] : named;
    const values: string[] = [];
    for (const one of wanted) values.push(await oneValue(found, element, one));
    const takesSeveral = element.type.startsWith('multi_') || element.type === 'checkboxes';
    return takesSeveral ? values : (values[0] ?? null);
  };

  const oneValue = async (found: SeenElement, element: ElementLike, named: string): Promise<string> => {
    const pick = (options: readonly { text: { text: string }; value: string }[]) =>
      options.find((option) => isSame(option.text.text, named) || option.value === named)?.value;
    if (element.type.endsWith('external_select')) {
      const loaded = await must({ do: 'load-options', ...at(found), query: named });
      const options: SlackOption[] = [
        ...(loaded.options ?? []),
        ...(loaded.optionGroups ?? []).flatMap((group) => group.options),
      ];
      return pick(options) ?? named;
    }
    if (element.type.endsWith('users_select')) {
      const { people } = await view();
      return (
        people.find((one) => [one.id, one.name, one.realName].includes(named.replace(/^@/, '')))?.id ?? named
      );
    }
    if (element.type.endsWith('channels_select') || element.type.endsWith('conversations_select')) {
      const { channels } = await view();
      return channels.find((one) => [one.id, one.name].includes(named.replace(/^#/, '')))?.id ?? named;
    }
    return pick(optionsOf(element)) ?? named;
  };

  const topModal = async (): Promise<ModalView> => {
    const modal = (await view()).modals.at(-1);
    if (modal) return modal;
    throw new SandboxError('no_modal', 'No modal is open.', await screen());
  };

  const client: PersonClient = {
    id,
    view,
    screen,
    perform,
    waitFor,
    async say(channel, text, options = {}) {
      const { thread, broadcast } = options;
      const said = await must({
        do: 'say',
        channel,
        text,
        ...(thread ? { threadTs: thread.threadTs ?? thread.ts } : {}),
        ...(broadcast === undefined ? {} : { broadcast }),
      });
      return said.ts ?? '';
    },
    async command(channel, line) {
      await must({ do: 'run', channel, line });
    },
    async click(label, options = {}) {
      const found = await find(label, options.in);
      const value = found.option && (await valueNamed(found, found.option.value));
      await must({
        do: 'click',
        ...at(found),
        ...(value === undefined ? {} : { value }),
        ...(options.confirm ? { confirmed: true } : {}),
      });
    },
    async choose(menu, choice, options = {}) {
      const found = await find(menu, options.in);
      const value = await valueNamed(found, choice);
      await must({ do: 'click', ...at(found), value, ...(options.confirm ? { confirmed: true } : {}) });
    },
    async fill(label, value, options = {}) {
      const found = await find(label);
      const named = await valueNamed(found, value);
      await must({ do: 'fill', ...at(found), value: named, ...(options.enter ? { enter: true } : {}) });
    },
    async submit() {
      await must({ do: 'submit', modal: (await topModal()).id });
    },
    async close(options = {}) {
      await must({ do: 'close', modal: (await topModal()).id, ...(options.all ? { all: true } : {}) });
    },
    async shortcut(name, on) {
      const type = on ? 'message' : 'global';
      const { app } = await view();
      const found = app.shortcuts.find(
        (one) => one.type === type && [one.name, one.callbackId].includes(name),
      );
      const callbackId = found?.callbackId ?? name;
      await must(
        on
          ? { do: 'message-shortcut', callbackId, channel: on.channel, ts: on.ts }
          : { do: 'global-shortcut', callbackId },
      );
    },
    async openHome() {
      await must({ do: 'open-home' });
    },
    async react(message, name) {
      await must({ do: 'react', channel: message.channel, ts: message.ts, name });
    },
    async markRead(channel) {
      await must({ do: 'mark-read', channel });
    },
    suggestions: async (line) => (await must({ do: 'complete', line })).commands ?? [],
    async sees(text, options = {}) {
      const message = await waitFor(
        {
          kind: 'message',
          contains: text,
          ...(options.in === undefined ? {} : { channel: options.in }),
          ...(options.from === undefined ? {} : { from: options.from }),
          ...(options.ephemeral === undefined ? {} : { ephemeral: options.ephemeral }),
          ...(options.after ? { after: options.after.ts } : {}),
          ...(options.thread ? { threadTs: options.thread.threadTs ?? options.thread.ts } : {}),
        },
        options.withinMs,
      );
      if (message) return message;
      throw new SandboxError('no_message', `No message says "${text}".`, await screen());
    },
    async doesNotSee(text) {
      const seen = await view();
      const all = seen.channels.flatMap((one) =>
        one.messages.flatMap((message) => [message, ...(message.thread?.replies ?? [])]),
      );
      if (
        !all.some((message) => messageText(message, seen.people).toLowerCase().includes(text.toLowerCase()))
      )
        return;
      throw new SandboxError('seen', `${seen.me.realName} sees "${text}" and should not.`, screenText(seen));
    },
    async seesModal(title) {
      await waitFor({ kind: 'modal', ...(title === undefined ? {} : { title }) });
      return topModal();
    },
    async seesHome(text) {
      await waitFor({ kind: 'home', contains: text });
    },
    async seesNotice(text) {
      await waitFor({ kind: 'notice', contains: text });
    },
  };
  return client;
}
