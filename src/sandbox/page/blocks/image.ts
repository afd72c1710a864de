/** Pictures, from addresses that may be shown; everything else as its alternative text. */
import type { ImageBlock as Image, ImageElement } from '@slack/types';
import { useState } from 'preact/hooks';
import { html, type VNode } from '../html.ts';
import { InlineTextObject } from '../text/plain-text.ts';
import { safeImageUrl } from '../text/safe.ts';

export function ImageBlock({ block }: { block: Image }): VNode {
  return html`<figure class="block-image">
    ${block.title && html`<figcaption><${InlineTextObject} object=${block.title} /></figcaption>`}
    <${Picture} image=${block} class="image-large" />
  </figure>`;
}

interface PictureProps {
  readonly image: Image | ImageElement;
  readonly class: string;
}

export function Picture({ image, class: className }: PictureProps): VNode {
  const [isBroken, setIsBroken] = useState(false);
  const url = 'image_url' in image ? safeImageUrl(image.image_url) : slackFileUrl(image.slack_file);
  if (url === undefined || isBroken) {
    return html`<span class=${`${className} image-missing`} role="img" aria-label=${image.alt_text} title=${image.alt_text}>
      <span aria-hidden="true">${image.alt_text || 'picture'}</span>
    </span>`;
  }
  return html`<img class=${className} src=${url} alt=${image.alt_text} loading="lazy" onError=${() => setIsBroken(true)} />`;
}

function slackFileUrl(file: { readonly url: string } | { readonly id: string }): string | undefined {
  // The box serves its own files, whatever stands behind the id.
  return 'url' in file ? safeImageUrl(file.url) : `/files/${encodeURIComponent(file.id)}/picture`;
}
