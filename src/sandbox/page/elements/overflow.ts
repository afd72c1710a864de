/** The "…" menu: up to five options, each a small action of its own. */
import type { SlackOption } from '../../protocol.ts';
import { html, type VNode } from '../html.ts';
import { InlineTextObject } from '../text/plain-text.ts';
import { safeUrl } from '../text/safe.ts';
import { Menu } from './menu.ts';
import { type ElementProps, useElement } from './use-element.ts';

export function Overflow(props: ElementProps): VNode {
  const { set, isBusy } = useElement(props);
  const options = props.element.options as readonly (SlackOption & { readonly url?: string })[];
  const choose = (option: (typeof options)[number]) => {
    const url = safeUrl(option.url);
    if (url) open(url, '_blank', 'noopener,noreferrer');
    void set(option.value, { chosen: [option] });
  };
  return html`<${Menu}
    label="More options"
    class=${`button button-icon ${isBusy ? 'is-busy' : ''}`}
    items=${options.map((option) => ({
      key: option.value,
      content: html`<${InlineTextObject} object=${option.text} />`,
      onChoose: () => choose(option),
    }))}
  >⋯</${Menu}>`;
}
