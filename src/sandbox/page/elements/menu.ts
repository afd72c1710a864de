/** A button that opens a menu; arrows, Home, End and Esc work as menus do. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { html, type VNode } from '../html.ts';
import { placeNear } from './place-near.ts';

export interface MenuItem {
  readonly key: string;
  readonly content: unknown;
  readonly onChoose: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly class: string;
  readonly items: readonly MenuItem[];
  readonly children: unknown;
}

export function Menu({ label, class: className, items, children }: MenuProps): VNode {
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const close = () => {
    setIsOpen(false);
    button.current?.focus();
  };

  useLayoutEffect(() => {
    if (!isOpen || !panel.current || !button.current) return;
    placeNear(panel.current, button.current, 'end');
    panel.current.querySelector<HTMLElement>('[role=menuitem]')?.focus();
  }, [isOpen]);
  useEffect(() => {
    if (!isOpen) return;
    const leave = (event: Event) => {
      const target = event.target as Node;
      if (!panel.current?.contains(target) && !button.current?.contains(target)) setIsOpen(false);
    };
    document.addEventListener('pointerdown', leave);
    return () => document.removeEventListener('pointerdown', leave);
  }, [isOpen]);

  const onKeyDown = (event: KeyboardEvent) => {
    const entries = [...(panel.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = entries.indexOf(document.activeElement as HTMLElement);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1 + entries.length,
      Home: 0,
      End: entries.length - 1,
    };
    const next = steps[event.key];
    if (next !== undefined) entries[next % entries.length]?.focus();
    else if (event.key === 'Escape') close();
    else if (event.key === 'Tab') return setIsOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return html`<span class="menu">
    <button
      ref=${button}
      type="button"
      class=${className}
      aria-label=${label}
      title=${label}
      aria-haspopup="menu"
      aria-expanded=${isOpen}
      onClick=${() => setIsOpen(!isOpen)}
    >${children}</button>
    ${
      isOpen &&
      html`<div class="panel menu-panel" popover="manual" role="menu" aria-label=${label} ref=${panel} onKeyDown=${onKeyDown}>
        ${items.map(
          (item) => html`<button
            key=${item.key}
            type="button"
            role="menuitem"
            class="menu-item"
            onClick=${() => {
              close();
              item.onChoose();
            }}
          >${item.content}</button>`,
        )}
      </div>`
    }
  </span>`;
}
