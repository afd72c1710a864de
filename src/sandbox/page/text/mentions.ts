/** People, channels and groups inside a text. */
import { useScreen } from '../data/screen.ts';
import { html, type VNode } from '../html.ts';

interface Mention {
  readonly id: string;
  /** What Slack sent behind `|`: shown when we do not know the id. */
  readonly label?: string;
}

export function UserMention({ id, label }: Mention): VNode {
  const { person, view } = useScreen();
  const name = person(id)?.realName ?? (label || id);
  return html`<span class=${`mention ${id === view.me.id ? 'mention-me' : ''}`} title=${person(id)?.title}>@${name}</span>`;
}

export function ChannelLink({ id, label }: Mention): VNode {
  const { channel, goTo } = useScreen();
  const known = channel(id);
  const name = `#${known?.name ?? (label || id)}`;
  if (!known) return html`<span class="mention">${name}</span>`;
  return html`<button type="button" class="mention" onClick=${() => goTo({ channel: id })}>${name}</button>`;
}

export function GroupMention({ id, label }: Mention): VNode {
  const { view } = useScreen();
  const group = view.groups.find((one) => one.id === id);
  const name = group?.handle ?? (label?.replace(/^@/, '') || id);
  const isMine = group?.members.includes(view.me.id) ?? false;
  return html`<span class=${`mention ${isMine ? 'mention-me' : ''}`} title=${group?.name}>@${name}</span>`;
}

export function Broadcast({ range }: { range: string }): VNode {
  return html`<span class="mention mention-me">@${range}</span>`;
}
