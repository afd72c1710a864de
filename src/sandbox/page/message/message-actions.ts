/** The little toolbar over a message: react, reply, the app's message shortcuts. */
import type { MessageView } from '../../protocol.ts';
import { Icon } from '../app/icon.ts';
import { useScreen } from '../data/screen.ts';
import { Menu } from '../elements/menu.ts';
import { html, type VNode } from '../html.ts';
import { Emoji } from '../text/emoji.ts';

const quickReactions = ['white_check_mark', 'eyes'];

interface Props {
  readonly message: MessageView;
  readonly inThread: boolean;
}

export function MessageActions({ message, inThread }: Props): VNode {
  const { act, goTo, view } = useScreen();
  const { channel, ts } = message;
  if (message.ephemeral) {
    return html`<div class="message-actions">
      <button type="button" class="icon-button" aria-label="Dismiss message" title="Dismiss message" onClick=${() => void act({ do: 'dismiss', channel, ts })}><${Icon} name="close" /></button>
    </div>`;
  }
  const shortcuts = view.app.shortcuts.filter(({ type }) => type === 'message');
  return html`<div class="message-actions" role="toolbar" aria-label="Message actions">
    ${quickReactions.map(
      (name) => html`<button
        type="button"
        class="icon-button"
        aria-label=${`React with ${name.replaceAll('_', ' ')}`}
        title=${`React with :${name}:`}
        onClick=${() => void act({ do: 'react', channel, ts, name })}
      ><${Emoji} name=${name} /></button>`,
    )}
    ${
      !inThread &&
      html`<button
        type="button"
        class="icon-button"
        aria-label="Reply in thread"
        title="Reply in thread"
        onClick=${() => goTo({ channel, thread: message.threadTs ?? ts })}
      ><${Icon} name="thread" /></button>`
    }
    ${
      shortcuts.length > 0 &&
      html`<${Menu}
        label="More actions"
        class="icon-button"
        items=${shortcuts.map(({ callbackId, name }) => ({
          key: callbackId,
          content: html`<span>${name}<small>${view.app.name}</small></span>`,
          onChoose: () => void act({ do: 'message-shortcut', callbackId, channel, ts }),
        }))}
      ><${Icon} name="more" /></${Menu}>`
    }
  </div>`;
}
