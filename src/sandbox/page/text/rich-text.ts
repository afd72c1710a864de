/** Draws a rich_text block: sections, lists, quotes, preformatted, and everything inside them. */
import type {
  RichTextBlock,
  RichTextBlockElement,
  RichTextElement,
  RichTextLink,
  RichTextList,
  RichTextText,
} from '@slack/types';
import { Placeholder } from '../blocks/placeholder.ts';
import { type ComponentChildren, html, type VNode } from '../html.ts';
import { DateText } from './date-text.ts';
import { Emoji } from './emoji.ts';
import { Link } from './link.ts';
import { Broadcast, ChannelLink, GroupMention, UserMention } from './mentions.ts';
import { safeUrl } from './safe.ts';

export function RichText({ block }: { block: RichTextBlock }): VNode {
  return html`<div class="rich-text">${block.elements.map(drawPart)}</div>`;
}

function drawPart(part: RichTextBlockElement): VNode {
  switch (part.type) {
    case 'rich_text_section':
      return html`<p>${part.elements.map(drawElement)}</p>`;
    case 'rich_text_quote':
      return html`<blockquote>${part.elements.map(drawElement)}</blockquote>`;
    case 'rich_text_preformatted':
      return html`<pre tabindex="0"><code>${part.elements.map(drawElement)}</code></pre>`;
    case 'rich_text_list':
      return html`<${List} list=${part} />`;
    default:
      return html`<${Placeholder} what=${(part as { type: string }).type} />`;
  }
}

function List({ list }: { list: RichTextList & { readonly offset?: number } }): VNode {
  const items = list.elements.map((item) => html`<li>${item.elements.map(drawElement)}</li>`);
  const className = `indent-${Math.min(list.indent ?? 0, 5)} ${list.border ? 'has-border' : ''}`;
  return list.style === 'ordered'
    ? html`<ol class=${className} start=${(list.offset ?? 0) + 1}>${items}</ol>`
    : html`<ul class=${className}>${items}</ul>`;
}

function drawElement(element: RichTextElement): ComponentChildren {
  switch (element.type) {
    case 'text':
      return styled(lines(element.text), element.style);
    case 'link':
      return styled(drawLink(element), element.style);
    case 'emoji':
      return html`<${Emoji} name=${element.name} />`;
    case 'user':
      return styled(html`<${UserMention} id=${element.user_id} />`, element.style);
    case 'channel':
      return styled(html`<${ChannelLink} id=${element.channel_id} />`, element.style);
    case 'usergroup':
      return styled(html`<${GroupMention} id=${element.usergroup_id} />`, element.style);
    case 'broadcast':
      return html`<${Broadcast} range=${element.range} />`;
    case 'date':
      return styled(
        html`<${DateText} atSeconds=${element.timestamp} format=${element.format} url=${safeUrl(element.url)} />`,
        element.style,
      );
    case 'color': {
      const isColor = /^#[0-9a-f]{6}$/i.test(element.value);
      const swatch = isColor && html`<span class="swatch" style=${{ background: element.value }}></span>`;
      return html`<span class="color-value">${element.value}${swatch}</span>`;
    }
    case 'team':
      return html`<span class="mention">${element.team_id}</span>`;
    default:
      return html`<${Placeholder} what=${(element as { type: string }).type} />`;
  }
}

function drawLink({ url, text }: RichTextLink): ComponentChildren {
  const href = safeUrl(url);
  const label = text ?? url;
  return href === undefined ? label : html`<${Link} url=${href}>${label}</${Link}>`;
}

function lines(text: string): ComponentChildren {
  return text.split('\n').map((line, index) => (index === 0 ? line : [html`<br />`, line]));
}

function styled(content: ComponentChildren, style: RichTextText['style']): ComponentChildren {
  let drawn = content;
  if (style?.code) drawn = html`<code>${drawn}</code>`;
  if (style?.bold) drawn = html`<strong>${drawn}</strong>`;
  if (style?.italic) drawn = html`<em>${drawn}</em>`;
  if (style?.strike) drawn = html`<s>${drawn}</s>`;
  if (style?.underline) drawn = html`<u>${drawn}</u>`;
  return drawn;
}
