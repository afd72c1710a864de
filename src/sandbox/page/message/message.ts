/** One message: who, when, what, and what one can do with it. */
import { useMemo } from 'preact/hooks';
import type { MessageView } from '../../protocol.ts';
import { Avatar } from '../app/avatar.ts';
import { Icon } from '../app/icon.ts';
import { KindBadge } from '../app/role.ts';
import { Blocks } from '../blocks/blocks.ts';
import { useScreen } from '../data/screen.ts';
import { createUnsentTexts, SurfaceProvider } from '../elements/surface.ts';
import { html, type VNode } from '../html.ts';
import { clockTime, fullMoment, millisecondsOf } from '../text/date.ts';
import { MrkdwnText } from '../text/mrkdwn-text.ts';
import { Attachments } from './attachments.ts';
import { Files } from './files.ts';
import { MessageActions } from './message-actions.ts';
import { Reactions } from './reactions.ts';
import { ThreadSummary } from './thread-summary.ts';

interface Props {
  readonly message: MessageView;
  /** Follows another one of the same person: without avatar and name. */
  readonly isFollowing: boolean;
  /** Inside the thread pane there is no way into the thread. */
  readonly inThread?: boolean;
}

export function Message({ message, isFollowing, inThread = false }: Props): VNode {
  const { person, view } = useScreen();
  const author = person(message.user);
  const atMs = millisecondsOf(message.ts);
  const { timeZone } = view.me;
  const time = html`<time
    class="message-time"
    datetime=${new Date(atMs).toISOString()}
    title=${fullMoment(atMs, timeZone)}
  >${clockTime(atMs, timeZone)}</time>`;

  if (message.subtype?.endsWith('_join') || message.subtype?.endsWith('_leave')) {
    return html`<div class="message-system">${time} <${MrkdwnText} text=${message.text} /></div>`;
  }
  return html`<article
    class=${`message ${isFollowing ? 'is-following' : ''} ${message.ephemeral ? 'is-ephemeral' : ''}`}
    data-ts=${message.ts}
    aria-label=${`${author?.realName ?? message.user}, ${clockTime(atMs, timeZone)}`}
  >
    <div class="message-side">${isFollowing ? time : html`<${Avatar} person=${author} />`}</div>
    <div class="message-main">
      ${message.ephemeral && html`<div class="only-you"><${Icon} name="eye" /> Only visible to you</div>`}
      ${
        !isFollowing &&
        html`<div class="message-head">
          <span class="message-author">${author?.realName ?? message.user}</span>
          <${KindBadge} person=${author} />
          ${time}
        </div>`
      }
      <${MessageBody} message=${message} />
      ${message.reactions.length > 0 && html`<${Reactions} message=${message} />`}
      ${message.thread && !inThread && html`<${ThreadSummary} message=${message} thread=${message.thread} />`}
    </div>
    <${MessageActions} message=${message} inThread=${inThread} />
  </article>`;
}

function MessageBody({ message }: { message: MessageView }): VNode {
  const unsent = useMemo(createUnsentTexts, []);
  const { channel, ts } = message;
  const surface = useMemo(
    () => ({ place: { message: { channel, ts } }, state: {}, errors: {}, unsent }),
    [channel, ts],
  );
  const hasBlocks = message.blocks !== undefined && message.blocks.length > 0;
  return html`<${SurfaceProvider} value=${surface}>
    <div class="message-body">
      ${message.isBroadcast && html`<div class="message-note">replied to a thread</div>`}
      ${hasBlocks ? html`<${Blocks} blocks=${message.blocks} />` : message.text && html`<${MrkdwnText} text=${message.text} />`}
      ${message.editedTs && !message.botId && html`<span class="edited">(edited)</span>`}
      ${message.attachments && html`<${Attachments} list=${message.attachments} />`}
      ${message.files.length > 0 && html`<${Files} files=${message.files} />`}
    </div>
  </${SurfaceProvider}>`;
}
