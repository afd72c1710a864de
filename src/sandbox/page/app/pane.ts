/** One person's window: everything in it is what that person sees and does. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Outcome, PersonCommand, PersonView } from '../../protocol.ts';
import { doAs } from '../data/control.ts';
import { type ActOptions, type Location, type Screen, ScreenProvider } from '../data/screen.ts';
import { usePerson } from '../data/use-person.ts';
import { HomeTab } from '../home/home-tab.ts';
import { html, type VNode } from '../html.ts';
import { ThreadPane } from '../message/thread-pane.ts';
import { ConfirmBox, useConfirm } from '../modal/confirm.ts';
import { Modals } from '../modal/modal.ts';
import { Avatar } from './avatar.ts';
import { Banner } from './banner.ts';
import { ChannelMain } from './channel-view.ts';
import { Icon } from './icon.ts';
import { QuickSwitcher } from './quick-switcher.ts';
import { Sidebar } from './sidebar.ts';
import { Toasts, useToasts } from './toasts.ts';

interface Props {
  readonly person: string;
  readonly location: Location | undefined;
  readonly isActive: boolean;
  readonly onPerson: (id: string) => void;
  readonly onLocation: (location: Location) => void;
  readonly onFocus: () => void;
}

export function Pane(props: Props): VNode {
  const { person, onLocation, onPerson, isActive } = props;
  const { view, isLive, now } = usePerson(person);
  const { toasts, toast, dismiss } = useToasts();
  const { asking, ask } = useConfirm();
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const [isSwitching, setIsSwitching] = useState(false);
  const busyToast = useRef(toast);
  busyToast.current = toast;

  const goTo = useCallback(
    (location: Location) => {
      setIsMenuOpen(false);
      onLocation(location);
    },
    [onLocation],
  );
  const act = useCallback(
    async (command: PersonCommand, options: ActOptions = {}): Promise<Outcome> => {
      let outcome = await doAs(person, command);
      if (!outcome.ok && outcome.error === 'confirm_required' && outcome.confirm && command.do === 'click') {
        options.onAsking?.(true);
        const isSure = await ask(outcome.confirm);
        options.onAsking?.(false);
        if (!isSure) return outcome;
        outcome = await doAs(person, { ...command, confirmed: true });
      }
      if (!outcome.ok && !options.quiet && !isToldInPlace(command, outcome.error))
        busyToast.current(troubleWords(outcome.error, outcome.message), 'problem');
      return outcome;
    },
    [person, ask],
  );

  useEffect(() => {
    if (!isActive) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setIsSwitching((before) => !before);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [isActive]);

  const screen = useMemo<Screen | undefined>(
    () =>
      view && {
        view,
        isLive,
        person: (id) => view.people.find((one) => one.id === id),
        channel: (id) => view.channels.find((one) => one.id === id),
        now,
        goTo,
        act,
        toast,
      },
    [view, isLive, goTo, act, toast],
  );
  if (!view || !screen) {
    return html`<div class="pane pane-loading">
      <p class="boot">${isLive ? 'Opening…' : 'The sandbox is away. Waiting for it to come back…'}</p>
    </div>`;
  }

  const location = whereIn(view, props.location);
  const channel = 'home' in location ? undefined : screen.channel(location.channel);
  const thread = 'home' in location ? undefined : location.thread;
  const at = 'home' in location ? undefined : location.at;
  return html`<${ScreenProvider} value=${screen}>
    <div
      class=${`pane ${isMenuOpen ? 'is-menu-open' : ''} ${thread ? 'has-thread' : ''}`}
      data-person=${person}
      onFocusIn=${props.onFocus}
      onPointerDown=${props.onFocus}
    >
      <${Sidebar} location=${location} onPerson=${onPerson} onSearch=${() => setIsSwitching(true)} />
      <button type="button" class="menu-scrim" aria-label="Close the menu" tabindex="-1" onClick=${() => setIsMenuOpen(false)}></button>
      <div class="stage">
        <${Banner} view=${view} isLive=${isLive} toast=${toast} />
        ${
          channel
            ? html`<${ChannelMain} channel=${channel} at=${thread ? undefined : at} onMenu=${() => setIsMenuOpen(true)} />`
            : html`<button type="button" class="icon-button menu-toggle menu-toggle-home" aria-label="Channels and people" onClick=${() => setIsMenuOpen(true)}><${Icon} name="menu" /><${Avatar} person=${view.me} size="small" /></button>
                <${HomeTab} key=${person} />`
        }
      </div>
      ${channel && thread && html`<${ThreadPane} channel=${channel} ts=${thread} at=${at} />`}
      <${Modals} modals=${view.modals} />
      ${asking && html`<${ConfirmBox} asking=${asking} />`}
      ${isSwitching && html`<${QuickSwitcher} onClose=${() => setIsSwitching(false)} />`}
      <${Toasts} toasts=${toasts} onDismiss=${dismiss} />
    </div>
  </${ScreenProvider}>`;
}

/** While somebody thought about a confirm dialog, the message below it may have been drawn anew. */
function troubleWords(error: string, message: string): string {
  return error === 'no_such_element'
    ? 'This has changed meanwhile, so nothing was done. Look at it again.'
    : message;
}

/** The box itself puts a notice beside the message, or a problem into the modal: once is enough. */
function isToldInPlace(command: PersonCommand, error: string): boolean {
  const isAtElement = command.do === 'click' || command.do === 'fill';
  const isTold = ['operation_timeout', 'dispatch_failed', 'http_error', 'confirm_required'].includes(error);
  return isTold && isAtElement && !('home' in command.in);
}

/** Where to look: as asked, when this person can; otherwise the first channel with something new, or the first. */
function whereIn(view: PersonView, asked: Location | undefined): Location {
  if (
    asked &&
    ('home' in asked ? view.app.hasHomeTab : view.channels.some(({ id }) => id === asked.channel))
  ) {
    return asked;
  }
  const rooms = view.channels.filter(({ kind, isArchived }) => kind !== 'im' && !isArchived);
  const first =
    rooms.find(({ mentionCount }) => mentionCount > 0) ??
    rooms.find(({ name }) => /request/.test(name)) ??
    rooms[0];
  return first ? { channel: first.id } : { home: true };
}
