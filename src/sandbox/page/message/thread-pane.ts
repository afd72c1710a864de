/** A thread beside its channel. */
import { useEffect, useState } from 'preact/hooks';
import type { ChannelView, MessageView } from '../../protocol.ts';
import { channelTitle } from '../app/channel-name.ts';
import { Icon } from '../app/icon.ts';
import { Composer } from '../composer/composer.ts';
import { readOlder } from '../data/control.ts';
import { useScreen } from '../data/screen.ts';
import { html, type VNode } from '../html.ts';
import { MessageList } from './message-list.ts';

interface Props {
  readonly channel: ChannelView;
  /** Of the message that the thread hangs on. */
  readonly ts: string;
  /** A reply that a link pointed to. */
  readonly at?: string | undefined;
}

export function ThreadPane({ channel, ts, at }: Props): VNode {
  const { goTo, view } = useScreen();
  const [found, setFound] = useState<MessageView | undefined>(undefined);
  const live = channel.messages.find((message) => message.ts === ts);
  const parent = live ?? (found?.ts === ts ? found : undefined);
  const replies = parent?.thread?.replies ?? [];
  const hasOlder = replies.length < (parent?.thread?.replyCount ?? 0);

  // A link can lead to a thread on a message that lies further back than those we have.
  const isMissing = live === undefined;
  useEffect(() => {
    if (!isMissing) return;
    const search = readOlder(view.me.id, channel.id, justAfter(ts)).catch(() => undefined);
    void search.then((page) => setFound(page?.messages.findLast((message) => message.ts === ts)));
  }, [isMissing, channel.id, ts]);
  const close = () => goTo({ channel: channel.id });
  return html`<aside class="thread" aria-label="Thread" onKeyDown=${(event: KeyboardEvent) => event.key === 'Escape' && close()}>
    <header class="pane-head">
      <div class="pane-title"><h2>Thread</h2><span class="pane-topic">${channelTitle(channel, view)}</span></div>
      <button type="button" class="icon-button" aria-label="Close thread" onClick=${close}><${Icon} name="close" /></button>
    </header>
    ${
      parent
        ? html`<${MessageList}
            key=${ts}
            channel=${channel.id}
            head=${parent}
            messages=${replies}
            hasOlder=${hasOlder}
            thread=${ts}
            label="Thread"
            at=${at}
          />`
        : html`<p class="empty">Looking for this message…</p>`
    }
    <${Composer} key=${ts} channel=${channel} threadTs=${ts} placeholder="Reply…" />
  </aside>`;
}

/** The ts one microsecond later: what comes before it includes the message itself. */
function justAfter(ts: string): string {
  const [seconds = '', micros = ''] = ts.split('.');
  return `${seconds}.${String(Number(micros) + 1).padStart(6, '0')}`;
}
