/** The places a person can go, what is new there, and who one acts as. */
import type { ChannelView } from '../../protocol.ts';
import { type Location, useScreen } from '../data/screen.ts';
import { html, type VNode } from '../html.ts';
import { Avatar } from './avatar.ts';
import { channelTitle, otherIn } from './channel-name.ts';
import { Icon } from './icon.ts';
import { PersonSwitcher } from './person-switcher.ts';

interface Props {
  readonly location: Location;
  readonly onPerson: (id: string) => void;
  readonly onSearch: () => void;
}

export function Sidebar({ location, onPerson, onSearch }: Props): VNode {
  const { view, goTo, person } = useScreen();
  const { app } = view;
  const rooms = view.channels.filter(({ kind, isArchived }) => kind !== 'im' && !isArchived);
  const direct = view.channels.filter(({ kind }) => kind === 'im');
  const isHome = 'home' in location;
  const here = isHome ? undefined : location.channel;
  const link = (channel: ChannelView) =>
    html`<${ChannelLinkRow} key=${channel.id} channel=${channel} isHere=${channel.id === here} />`;

  return html`<nav class="sidebar" aria-label=${`${view.workspace.name}, as ${view.me.realName}`}>
    <div class="sidebar-head">
      <div><strong>${view.workspace.name}</strong><small>as ${view.me.realName}</small></div>
      <button type="button" class="icon-button" aria-label="Go to a channel or person" title="Go to… (Ctrl+K)" onClick=${onSearch}><${Icon} name="search" /></button>
    </div>
    <div class="sidebar-scroll">
      ${
        app.hasHomeTab &&
        html`<div class="sidebar-section" role="group" aria-label="Apps">
          <h2>Apps</h2>
          <button type="button" class="sidebar-row" aria-current=${isHome ? 'page' : undefined} onClick=${() => goTo({ home: true })}>
            <${Avatar} person=${person(app.botUserId)} size="small" />
            <span class="sidebar-name">${app.name}</span>
<${Presence} />
          </button>
        </div>`
      }
      <div class="sidebar-section" role="group" aria-label="Channels">
        <h2>Channels</h2>
        ${rooms.map(link)}
      </div>
      <div class="sidebar-section" role="group" aria-label="Direct messages">
        <h2>Direct messages</h2>
        ${direct.map(link)}
      </div>
    </div>
    <${PersonSwitcher} onPerson=${onPerson} />
  </nav>`;
}

function ChannelLinkRow({ channel, isHere }: { channel: ChannelView; isHere: boolean }): VNode {
  const { view, goTo } = useScreen();
  const other = otherIn(channel, view);
  const isUnread = channel.unreadCount > 0 && !isHere;
  const title = other ? channelTitle(channel, view) : channel.name;
  return html`<button
    type="button"
    class=${`sidebar-row ${isUnread ? 'is-unread' : ''}`}
    aria-current=${isHere ? 'page' : undefined}
    data-channel=${channel.id}
    onClick=${() => goTo({ channel: channel.id })}
  >
    ${other ? html`<${Avatar} person=${other} size="small" />` : html`<${Icon} name=${channel.kind === 'private' ? 'lock' : 'hash'} />`}
    <span class="sidebar-name">${title}</span>
    ${other?.kind === 'bot' && html`<${Presence} />`}
    ${channel.isExtShared && html`<span class="sidebar-shared" title="Shared with another company"><${Icon} name="link" /></span>`}
    ${isUnread && channel.mentionCount === 0 && html`<span class="unread-dot" aria-hidden="true"></span>`}
    ${isUnread && channel.mentionCount > 0 && html`<span class="mention-count">${channel.mentionCount}</span>`}
    ${isUnread && html`<span class="for-readers">, ${channel.unreadCount} unread</span>`}
  </button>`;
}

/** Whether the app can be reached now. */
function Presence(): VNode {
  const { connected } = useScreen().view.connection;
  return html`<span class=${`presence ${connected ? 'is-on' : ''}`} title=${connected ? 'Connected' : 'Not connected'}></span>`;
}
