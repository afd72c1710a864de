/** A person or another app as a coloured tile with initials; the app that is tried as a tile with its light on. */
import type { Person } from '../../protocol.ts';
import { html, type VNode } from '../html.ts';

interface Props {
  readonly person: Person | undefined;
  readonly size?: 'small' | 'medium' | 'large';
}

export function Avatar({ person, size = 'medium' }: Props): VNode {
  const color = /^#[0-9a-f]{6}$/i.test(person?.avatarColor ?? '') ? person?.avatarColor : '#6b7a76';
  const isApp = person?.isApp === true;
  return html`<span
    class=${`avatar avatar-${size} ${isApp ? 'avatar-bot' : ''}`}
    style=${{ '--avatar': color }}
    aria-hidden="true"
  >${isApp ? html`<span class="avatar-light"></span>` : initials(person?.realName ?? '?')}</span>`;
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const first = words[0]?.charAt(0) ?? '?';
  return words.length > 1 ? `${first}${words.at(-1)?.charAt(0) ?? ''}` : first;
}
