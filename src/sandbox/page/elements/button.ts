/** A button. One with a `url` also opens it, as Slack does, and still tells the app. */
import { html, type VNode } from '../html.ts';
import { InlineTextObject, type TextObject } from '../text/plain-text.ts';
import { safeUrl } from '../text/safe.ts';
import { type ElementProps, useElement } from './use-element.ts';

export function ButtonElement(props: ElementProps): VNode {
  const { press, isBusy } = useElement(props);
  const { text, style, url, accessibility_label: label } = props.element;
  const look = style === 'primary' ? 'button-primary' : style === 'danger' ? 'button-danger' : '';
  const href = safeUrl(url);
  const content = html`<${InlineTextObject} object=${text as TextObject} />`;
  if (href !== undefined) {
    return html`<a
      class=${`button ${look}`}
      href=${href}
      target="_blank"
      rel="noopener noreferrer"
      aria-label=${label}
      onClick=${() => void press()}
    >${content}<span class="button-away" aria-hidden="true">↗</span></a>`;
  }
  return html`<button
    type="button"
    class=${`button ${look} ${isBusy ? 'is-busy' : ''}`}
    aria-label=${label}
    aria-busy=${isBusy}
    onClick=${() => isBusy || void press()}
  >${content}</button>`;
}
