/** Draws mrkdwn. */
import { html, type VNode } from '../html.ts';
import { DateText } from './date-text.ts';
import { Emoji } from './emoji.ts';
import { Link } from './link.ts';
import { Broadcast, ChannelLink, GroupMention, UserMention } from './mentions.ts';
import { type Inline, type MrkdwnOptions, parseInline, parseMrkdwn, type TextBlock } from './mrkdwn.ts';

interface Props extends MrkdwnOptions {
  readonly text: string;
}

export function MrkdwnText({ text, verbatim = false }: Props): VNode {
  const blocks = parseMrkdwn(text, { verbatim });
  return html`<div class="mrkdwn">${blocks.map(drawBlock)}</div>`;
}

/** Mrkdwn on one line: option texts, table cells, notices. */
export function InlineMrkdwn({ text, verbatim = false }: Props): VNode {
  return html`<span>${parseInline(text, { verbatim }).map(drawInline)}</span>`;
}

function drawBlock(block: TextBlock): VNode {
  switch (block.kind) {
    case 'paragraph':
      return html`<p>${block.children.map(drawInline)}</p>`;
    case 'quote':
      return html`<blockquote>${block.children.map(drawBlock)}</blockquote>`;
    case 'fence':
      return html`<pre tabindex="0"><code>${block.text}</code></pre>`;
    case 'item':
      return html`<div class=${`text-item indent-${block.indent}`}>
        <span class="text-marker">${block.marker === '-' ? '–' : block.marker}</span>
        <span>${block.children.map(drawInline)}</span>
      </div>`;
    default:
      return block satisfies never;
  }
}

export function drawInline(node: Inline): VNode | string {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'break':
      return html`<br />`;
    case 'bold':
      return html`<strong>${node.children.map(drawInline)}</strong>`;
    case 'italic':
      return html`<em>${node.children.map(drawInline)}</em>`;
    case 'strike':
      return html`<s>${node.children.map(drawInline)}</s>`;
    case 'code':
      return html`<code>${node.text}</code>`;
    case 'emoji':
      return html`<${Emoji} name=${node.name} />`;
    case 'link':
      return html`<${Link} url=${node.url}>${node.label}</${Link}>`;
    case 'user':
      return html`<${UserMention} id=${node.id} label=${node.label} />`;
    case 'channel':
      return html`<${ChannelLink} id=${node.id} label=${node.label} />`;
    case 'group':
      return html`<${GroupMention} id=${node.id} label=${node.label} />`;
    case 'broadcast':
      return html`<${Broadcast} range=${node.range} />`;
    case 'date':
      return html`<${DateText} ...${node} />`;
    default:
      return node satisfies never;
  }
}
