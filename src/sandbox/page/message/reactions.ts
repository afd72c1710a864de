/** Reactions under a message; a click adds or takes back one's own. */
import type { MessageView } from '../../protocol.ts';
import { useScreen } from '../data/screen.ts';
import { html, type VNode } from '../html.ts';
import { Emoji } from '../text/emoji.ts';

export function Reactions({ message }: { message: MessageView }): VNode {
  const { act, view, person } = useScreen();
  return html`<div class="reactions">
    ${message.reactions.map(({ name, users }) => {
      const isMine = users.includes(view.me.id);
      const names = users.map((id) => person(id)?.realName ?? id).join(', ');
      return html`<button
        key=${name}
        type="button"
        class="reaction"
        aria-pressed=${isMine}
        title=${`${names} reacted with :${name}:`}
        onClick=${() => void act({ do: 'react', channel: message.channel, ts: message.ts, name, remove: isMine })}
      ><${Emoji} name=${name} /> <span>${users.length}</span></button>`;
    })}
  </div>`;
}
