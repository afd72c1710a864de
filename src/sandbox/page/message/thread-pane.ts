/** A thread beside its channel. */
import type { ChannelView } from '../../protocol.ts';
import { channelTitle } from '../app/channel-name.ts';
import { Icon } from '../app/icon.ts';
import { Composer } from '../composer/composer.ts';
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
  const parent = channel.messages.find((message) => message.ts === ts);
  const replies = parent?.thread?.replies ?? [];
  const messages = parent ? [parent, ...replies] : [];
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
            messages=${messages}
            hasOlder=${false}
            thread=${ts}
            label="Thread"
            at=${at}
          />`
        : html`<p class="empty">This message is not among the ones loaded here.</p>`
    }
    <${Composer} key=${ts} channel=${channel} threadTs=${ts} placeholder="Reply…" />
  </aside>`;
}
