/** Blocks that are a row of small things: actions and context. */
import type { ActionsBlock as Actions, ContextBlock as Context } from '@slack/types';
import { Element } from '../elements/element.ts';
import { html, type VNode } from '../html.ts';
import { InlineTextObject } from '../text/plain-text.ts';
import { Picture } from './image.ts';

export function ActionsBlock({ block }: { block: Actions }): VNode {
  return html`<div class="block-actions">
    ${block.elements.map((element, index) => {
      const key = 'action_id' in element ? element.action_id : index;
      return html`<${Element} key=${key} element=${element} blockId=${block.block_id ?? ''} />`;
    })}
  </div>`;
}

export function ContextBlock({ block }: { block: Context }): VNode {
  return html`<div class="block-context">
    ${block.elements.map((element) =>
      element.type === 'image'
        ? html`<${Picture} image=${element} class="context-image" />`
        : html`<span class="context-text"><${InlineTextObject} object=${element} /></span>`,
    )}
  </div>`;
}
