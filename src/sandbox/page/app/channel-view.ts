/** A channel or a direct message: its head, its messages, its composer. */
import { useEffect } from 'preact/hooks';
import type { ChannelView as Channel } from '../../protocol.ts';
import { Composer } from '../composer/composer.ts';
import { useScreen } from '../data/screen.ts';
import { html, type VNode } from '../html.ts';
import { MessageList } from '../message/message-list.ts';
import { Avatar } from './avatar.ts';
import { channelTitle, otherIn } from './channel-name.ts';
import { Icon } from './icon.ts';
import { roleOf } from './role.ts';

interface Props {
  readonly channel: Channel;
  /** A message that a link pointed to. */
  readonly at?: string | undefined;
  readonly onMenu: () => void;
}

export function ChannelMain({ channel, at, onMenu }: Props): VNode {
  const { act, view, person } = useScreen();
  const newest = channel.messages.at(-1)?.ts;
  useEffect(() => {
    const markRead = () => {
      if (document.visibilityState !== 'visible' || channel.unreadCount === 0) return;
      void act({ do: 'mark-read', channel: channel.id }, { quiet: true });
    };
    markRead();
    document.addEventListener('visibilitychange', markRead);
    return () => document.removeEventListener('visibilitychange', markRead);
  }, [channel.id, channel.unreadCount, newest]);

  const other = otherIn(channel, view);
  const title = channelTitle(channel, view);
  const notices = view.notices.filter(
    (notice) => notice.channel === undefined || notice.channel === channel.id,
  );
  const intro = html`<div class="intro">
    ${other ? html`<${Avatar} person=${other} size="large" />` : html`<span class="intro-mark"><${Icon} name="hash" /></span>`}
    <h2>${title}</h2>
    <p>${other ? `${roleOf(other)}. Only the two of you can read this.` : channel.topic || 'The beginning of this channel.'}</p>
  </div>`;

  const closed = channel.isArchived
    ? 'This channel is archived: nobody can write here.'
    : other?.id === view.app.botUserId && !view.app.takesMessages
      ? `Sending messages to this app has been turned off. Its commands work in every channel: ${view.app.commands.map(({ command }) => command).join(', ')}.`
      : undefined;
  return html`<section class="main" aria-label=${title}>
    <header class="pane-head">
      <button type="button" class="icon-button menu-toggle" aria-label="Channels and people" onClick=${onMenu}><${Icon} name="menu" /><${Avatar} person=${view.me} size="small" /></button>
      <div class="pane-title">
        <h1>${other ? '' : html`<${Icon} name=${channel.kind === 'private' ? 'lock' : 'hash'} />`}${other ? title : channel.name}</h1>
        ${channel.isExtShared && html`<span class="badge badge-outside" title="Shared with another company">Shared</span>`}
        ${channel.isArchived && html`<span class="badge">Archived</span>`}
        <span class="pane-topic">${channel.topic}</span>
      </div>
      ${
        !other &&
        html`<span class="members" title=${channel.members.map((id) => person(id)?.realName ?? id).join(', ')}>
          ${channel.members.slice(0, 3).map((id) => html`<${Avatar} person=${person(id)} size="small" />`)}
          <span>${channel.members.length}</span>
        </span>`
      }
    </header>
    <${MessageList}
      key=${`${view.bootId} ${channel.id}`}
      channel=${channel.id}
      messages=${channel.messages}
      notices=${notices}
      hasOlder=${channel.hasOlder}
      label=${`Messages in ${title}`}
      intro=${intro}
      at=${at}
    />
    ${
      closed !== undefined
        ? html`<p class="archived">${closed}</p>`
        : html`<${Composer} key=${channel.id} channel=${channel} placeholder=${`Message ${title}, or type / for commands`} />`
    }
  </section>`;
}
