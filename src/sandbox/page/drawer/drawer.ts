/** A sheet at the side of the page, for the sandbox's own tools. */
import { Icon } from '../app/icon.ts';
import { type ComponentChildren, html, type VNode } from '../html.ts';

interface Props {
  readonly title: string;
  readonly note: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Drawer({ title, note, onClose, children }: Props): VNode {
  return html`<aside class="drawer" aria-label=${title} onKeyDown=${(event: KeyboardEvent) => event.key === 'Escape' && onClose()}>
    <header class="drawer-head">
      <div><h2>${title}</h2><p>${note}</p></div>
      <button type="button" class="icon-button" aria-label=${`Close ${title}`} onClick=${onClose}><${Icon} name="close" /></button>
    </header>
    ${children}
  </aside>`;
}
