/** A link that was let through by `safeUrl`. One to a message of this very workspace goes there, in this pane. */
import { parsePermalink } from '../data/permalink.ts';
import { useScreen } from '../data/screen.ts';
import { type ComponentChildren, html, type VNode } from '../html.ts';

interface Props {
  readonly url: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

export function Link({ url, class: className, children }: Props): VNode {
  const { goTo, channel } = useScreen();
  const onClick = (event: MouseEvent) => {
    // With a key held down people mean another tab.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = parsePermalink(url, location.origin);
    if (!target || !channel(target.channel)) return;
    event.preventDefault();
    goTo(target);
  };
  return html`<a class=${className} href=${url} target="_blank" rel="noopener noreferrer" onClick=${onClick}>${children}</a>`;
}
