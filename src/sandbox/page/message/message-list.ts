/** A run of messages with date dividers and grouping, which stays at its end while one reads the end. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { MessageView, Notice } from '../../protocol.ts';
import { readOlder } from '../data/control.ts';
import { useScreen } from '../data/screen.ts';
import { type ComponentChildren, html, type VNode } from '../html.ts';
import { dayKey, dayName, millisecondsOf } from '../text/date.ts';
import { Message } from './message.ts';
import { NoticeLine } from './notice.ts';

interface Props {
  readonly channel: string;
  /** Always first, however many messages lie between: what a thread hangs on. */
  readonly head?: MessageView;
  readonly messages: readonly MessageView[];
  readonly notices?: readonly Notice[];
  readonly hasOlder: boolean;
  readonly thread?: string;
  readonly label: string;
  /** A message to bring into view and to mark. */
  readonly at?: string | undefined;
  /** Stands before the first message when there are no older ones. */
  readonly intro?: ComponentChildren;
}

export function MessageList(props: Props): VNode {
  const { channel, thread, label, intro, at } = props;
  const { view } = useScreen();
  const [older, setOlder] = useState<{ messages: readonly MessageView[]; hasOlder: boolean } | undefined>(
    undefined,
  );
  const [isLoading, setIsLoading] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  /** How far the view was from the end before older messages came in above it. */
  const keptFromEnd = useRef<number | undefined>(undefined);

  const shown = new Set(props.messages.map(({ ts }) => ts));
  // A change to an old message brings it back into the live ones, so both are put in order together.
  const later = [...(older?.messages ?? []).filter(({ ts }) => !shown.has(ts)), ...props.messages].sort(byTs);
  const messages = props.head ? [props.head, ...later] : later;
  const hasOlder = older?.hasOlder ?? props.hasOlder;

  const newest = messages.at(-1);
  const newestBefore = useRef(newest?.ts);
  useLayoutEffect(() => {
    const list = box.current;
    if (!list) return;
    // Whoever writes or is answered privately wants to see it, however far up they were reading.
    const isNew = newest !== undefined && newest.ts > (newestBefore.current ?? '');
    if (isNew && (newest.ephemeral || newest.user === view.me.id)) isAtEnd.current = true;
    newestBefore.current = newest?.ts;
    if (isAtEnd.current) list.scrollTop = list.scrollHeight;
    else if (keptFromEnd.current !== undefined) list.scrollTop = list.scrollHeight - keptFromEnd.current;
    keptFromEnd.current = undefined;
  });
  useLayoutEffect(() => {
    const target = at === undefined ? null : box.current?.querySelector(`[data-ts="${CSS.escape(at)}"]`);
    if (!target) return;
    isAtEnd.current = false;
    target.scrollIntoView({ block: 'center' });
    target.classList.add('is-target');
    return () => target.classList.remove('is-target');
  }, [at]);
  // Pictures and late layout make the content grow after it was drawn.
  useLayoutEffect(() => {
    const outer = box.current;
    const inner = outer?.firstElementChild;
    if (!outer || !inner) return;
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) outer.scrollTop = outer.scrollHeight;
    });
    observer.observe(inner);
    observer.observe(outer);
    return () => observer.disconnect();
  }, []);

  const loadOlder = async () => {
    const first = later[0];
    if (!first || isLoading) return;
    setIsLoading(true);
    const page = await readOlder(view.me.id, channel, first.ts, thread).catch(() => undefined);
    setIsLoading(false);
    if (!page) return;
    keptFromEnd.current = (box.current?.scrollHeight ?? 0) - (box.current?.scrollTop ?? 0);
    setOlder({ messages: [...page.messages, ...(older?.messages ?? [])], hasOlder: page.hasOlder });
  };

  return html`<div
    ref=${box}
    class="message-list"
    role="log"
    aria-label=${label}
    aria-live="polite"
    tabindex="0"
    onScroll=${(event: Event) => {
      const { scrollTop, scrollHeight, clientHeight } = event.currentTarget as HTMLElement;
      isAtEnd.current = scrollHeight - scrollTop - clientHeight < 40;
    }}
  >
    <div class="message-stack">
      ${
        hasOlder
          ? html`<button type="button" class="button older" aria-busy=${isLoading} onClick=${loadOlder}>Show older messages</button>`
          : intro
      }
      <${Rows} messages=${messages} notices=${props.notices ?? []} inThread=${thread !== undefined} />
    </div>
  </div>`;
}

/** Slack's ts sorts as text. */
function byTs(one: MessageView, other: MessageView): number {
  return one.ts < other.ts ? -1 : 1;
}

/** Messages of one person this close together are one group. */
const groupedWithinMs = 5 * 60 * 1000;

interface RowsProps {
  readonly messages: readonly MessageView[];
  readonly notices: readonly Notice[];
  readonly inThread: boolean;
}

function Rows({ messages, notices, inThread }: RowsProps): VNode {
  const { view, now } = useScreen();
  const { timeZone } = view.me;
  const rows: VNode[] = [];
  const left = [...notices];
  let previous: MessageView | undefined;
  let day = '';

  const addNoticesUntil = (atMs: number) => {
    while (left[0] && left[0].at <= atMs) {
      rows.push(html`<${NoticeLine} key=${left[0].id} notice=${left[0]} />`);
      left.shift();
      previous = undefined;
    }
  };
  for (const message of messages) {
    const atMs = millisecondsOf(message.ts);
    addNoticesUntil(atMs);
    const itsDay = dayKey(atMs, timeZone);
    if (itsDay !== day) {
      const name = dayName(atMs, { timeZone, now: now() });
      rows.push(html`<div key=${`day-${itsDay}`} class="day" role="separator"><span>${name}</span></div>`);
      day = itsDay;
      previous = undefined;
    }
    const isFollowing =
      previous !== undefined &&
      previous.user === message.user &&
      !previous.subtype &&
      !previous.ephemeral === !message.ephemeral &&
      atMs - millisecondsOf(previous.ts) < groupedWithinMs;
    rows.push(
      html`<${Message} key=${message.ts} message=${message} isFollowing=${isFollowing} inThread=${inThread} />`,
    );
    previous = message;
  }
  addNoticesUntil(Number.POSITIVE_INFINITY);
  return html`<div class="rows">${rows}</div>`;
}
