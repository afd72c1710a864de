/** A section: text, up to ten fields in two columns, one accessory at the side. */
import type { SectionBlock as Section } from '@slack/types';
import { Element } from '../elements/element.ts';
import { html, type VNode } from '../html.ts';
import { TextObjectView } from '../text/plain-text.ts';
import { Picture } from './image.ts';

export function SectionBlock({ block }: { block: Section }): VNode {
  const { text, fields, accessory } = block;
  return html`<div class=${`block-section ${accessory ? 'has-accessory' : ''}`}>
    <div class="section-body">
      ${text && html`<${TextObjectView} object=${text} />`}
      ${
        fields &&
        html`<div class="section-fields">
          ${fields.map((field) => html`<div class="section-field"><${TextObjectView} object=${field} /></div>`)}
        </div>`
      }
    </div>
    ${
      accessory &&
      html`<div class="section-accessory">
        ${
          accessory.type === 'image'
            ? html`<${Picture} image=${accessory} class="accessory-image" />`
            : html`<${Element} element=${accessory} blockId=${block.block_id ?? ''} />`
        }
      </div>`
    }
  </div>`;
}
