/** Under a message with replies: who answered, how many, when last. Opens the thread. */
import type { MessageView, ThreadView } from '../../protocol.ts';
import { Avatar } from '../app/avatar.ts';
import { useScreen } from '../data/screen.ts';
import { html, type VNode } from '../html.ts';
import { ago, millisecondsOf } from '../text/date.ts';

const facesMax = 4;

export function ThreadSummary({ message, thread }: { message: MessageView; thread: ThreadView }): VNode {
  const { goTo, person, now } = useScreen();
  // A reply cannot be of the future: the page's clock is only a little behind the sandbox's.
  const lastAt = Math.min(millisecondsOf(thread.latestReplyTs), now());
  return html`<button
    type="button"
    class="thread-summary"
    onClick=${() => goTo({ channel: message.channel, thread: message.ts })}
  >
    <span class="thread-faces">
      ${thread.replyUsers.slice(0, facesMax).map((id) => html`<${Avatar} person=${person(id)} size="small" />`)}
    </span>
    <strong>${thread.replyCount} ${thread.replyCount === 1 ? 'reply' : 'replies'}</strong>
    <span class="thread-ago">Last ${ago(lastAt, now())}</span>
  </button>`;
}
