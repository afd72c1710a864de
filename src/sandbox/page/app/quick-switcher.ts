/** Ctrl+K: go anywhere by typing a few letters. */
import { useRef, useState } from 'preact/hooks';
import { type Location, useScreen } from '../data/screen.ts';
import { html, type VNode } from '../html.ts';
import { channelTitle } from './channel-name.ts';
import { useFocusTrap } from './focus-trap.ts';

interface Target {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  readonly location: Location;
}

export function QuickSwitcher({ onClose }: { onClose: () => void }): VNode {
  const { view, goTo } = useScreen();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  useFocusTrap(box, 'switcher');

  const all: readonly Target[] = [
    ...view.channels.map((channel) => ({
      key: channel.id,
      title: channelTitle(channel, view),
      detail: channel.unreadCount > 0 ? `${channel.unreadCount} unread` : channel.topic,
      location: { channel: channel.id },
    })),
    { key: 'home', title: `${view.app.name}: Home`, detail: 'App', location: { home: true } as const },
  ];
  const wanted = query.trim().toLowerCase().replace(/^[#@]/, '');
  const found = all.filter(({ title }) => title.toLowerCase().includes(wanted)).slice(0, 9);
  const current = Math.min(active, found.length - 1);
  const go = (target: Target | undefined) => {
    if (!target) return;
    onClose();
    goTo(target.location);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setActive(Math.min(current + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(current - 1, 0));
    else if (event.key === 'Enter') go(found[current]);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return html`<div class="scrim scrim-top" onPointerDown=${(event: Event) => event.target === event.currentTarget && onClose()}>
    <div ref=${box} class="dialog dialog-switcher" role="dialog" aria-modal="true" aria-label="Go to" onKeyDown=${onKeyDown}>
      <div class="dialog-body">
        <input
          type="text"
          class="input"
          role="combobox"
          aria-label="Go to a channel or person"
          aria-expanded="true"
          aria-controls="switcher-results"
          aria-activedescendant=${`switcher-${current}`}
          placeholder="Go to a channel or person…"
          value=${query}
          onInput=${(event: Event) => {
            setQuery((event.currentTarget as HTMLInputElement).value);
            setActive(0);
          }}
        />
        <div role="listbox" id="switcher-results" class="panel-list" aria-label="Places">
          ${found.map(
            (target, index) => html`<div
              key=${target.key}
              role="option"
              id=${`switcher-${index}`}
              class="panel-option"
              aria-selected=${index === current}
              aria-current=${index === current ? 'true' : undefined}
              onPointerMove=${() => setActive(index)}
              onClick=${() => go(target)}
            ><span>${target.title}</span><small>${target.detail}</small></div>`,
          )}
          ${found.length === 0 && html`<p class="panel-status">Nothing of that name</p>`}
        </div>
      </div>
    </div>
  </div>`;
}
