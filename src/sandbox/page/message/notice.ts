/** What Slackbot tells one person: above all that a command did not get through. */
import type { Notice } from '../../protocol.ts';
import { Icon } from '../app/icon.ts';
import { useScreen } from '../data/screen.ts';
import { html, type VNode } from '../html.ts';
import { clockTime } from '../text/date.ts';
import { MrkdwnText } from '../text/mrkdwn-text.ts';

export function NoticeLine({ notice }: { notice: Notice }): VNode {
  const { act, view } = useScreen();
  return html`<article class="message is-ephemeral is-notice" aria-label="Slackbot, only visible to you">
    <div class="message-side"><span class="avatar avatar-medium avatar-slackbot" aria-hidden="true">S</span></div>
    <div class="message-main">
      <div class="only-you"><${Icon} name="eye" /> Only visible to you</div>
      <div class="message-head">
        <span class="message-author">Slackbot</span>
        <time class="message-time">${clockTime(notice.at, view.me.timeZone)}</time>
      </div>
      <div class="message-body"><${MrkdwnText} text=${notice.text} /></div>
    </div>
    <div class="message-actions">
      <button type="button" class="icon-button" aria-label="Dismiss notice" title="Dismiss" onClick=${() => void act({ do: 'dismiss-notice', id: notice.id })}><${Icon} name="close" /></button>
    </div>
  </article>`;
}
