/** Attachments: old, but still the only colour bar. */
import type { SlackAttachment } from '../../protocol.ts';
import { Blocks } from '../blocks/blocks.ts';
import { Picture } from '../blocks/image.ts';
import { html, type VNode } from '../html.ts';
import { InlineMrkdwn, MrkdwnText } from '../text/mrkdwn-text.ts';
import { attachmentColor, safeUrl } from '../text/safe.ts';

export function Attachments({ list }: { list: readonly SlackAttachment[] }): VNode {
  return html`<div class="attachments">
    ${list.map(
      (one) => html`<div class="attachment" style=${{ '--bar': attachmentColor(one.color) }}>
        ${one.blocks ? html`<${Blocks} blocks=${one.blocks} />` : html`<${LegacyBody} attachment=${one} />`}
      </div>`,
    )}
  </div>`;
}

interface LegacyField {
  readonly title: string;
  readonly value: string;
  readonly short?: boolean;
}

function LegacyBody({ attachment }: { attachment: SlackAttachment }): VNode {
  const text = (key: string) => (typeof attachment[key] === 'string' ? attachment[key] : undefined);
  const fields = (attachment.fields as readonly LegacyField[] | undefined) ?? [];
  const titleUrl = safeUrl(attachment.title_link);
  const title = text('title');
  const isEmpty = !attachment.text && !title && !text('pretext') && fields.length === 0 && !text('image_url');
  return html`<div class="attachment-body">
    ${text('pretext') && html`<${MrkdwnText} text=${text('pretext')} />`}
    ${text('author_name') && html`<div class="attachment-author">${text('author_name')}</div>`}
    ${
      title &&
      html`<div class="attachment-title">${
        titleUrl ? html`<a href=${titleUrl} target="_blank" rel="noopener noreferrer">${title}</a>` : title
      }</div>`
    }
    ${attachment.text && html`<${MrkdwnText} text=${attachment.text} />`}
    ${isEmpty && attachment.fallback}
    ${
      fields.length > 0 &&
      html`<div class="section-fields">${fields.map(
        (field) => html`<div class="section-field">
          <strong>${field.title}</strong><br /><${InlineMrkdwn} text=${field.value} />
        </div>`,
      )}</div>`
    }
    ${
      text('image_url') &&
      html`<${Picture} image=${{ type: 'image', image_url: text('image_url'), alt_text: title ?? 'picture' }} class="image-large" />`
    }
    ${text('footer') && html`<div class="attachment-footer">${text('footer')}</div>`}
  </div>`;
}
