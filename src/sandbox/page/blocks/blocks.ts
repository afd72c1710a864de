/** Draws a list of Block Kit blocks. Which types it knows is said in surfaces.ts. */
import type { KnownBlock } from '@slack/types';
import type { SlackBlock } from '../../protocol.ts';
import { html, type VNode } from '../html.ts';
import { MarkdownText } from '../text/markdown-text.ts';
import { InlineTextObject, TextObjectView } from '../text/plain-text.ts';
import { RichText } from '../text/rich-text.ts';
import { Chart } from './chart.ts';
import { ImageBlock } from './image.ts';
import { InputBlock } from './input-block.ts';
import { DrawingGuard, Placeholder } from './placeholder.ts';
import { ActionsBlock, ContextBlock } from './row-blocks.ts';
import { SectionBlock } from './section.ts';
import { DataTable, TableBlock } from './table.ts';

export function Blocks({ blocks }: { blocks: readonly SlackBlock[] }): VNode {
  return html`<div class="blocks">
    ${blocks.map(
      (block) => html`<${DrawingGuard} key=${`${block.type}:${block.block_id}`} what=${String(block.type)}>
        <${OneBlock} block=${block} />
      </${DrawingGuard}>`,
    )}
  </div>`;
}

function OneBlock({ block }: { block: SlackBlock }): VNode {
  if (block.type === 'data_visualization') return html`<${Chart} block=${block} />`;
  // The box has validated what the app sent; what it let through by mistake ends in the guard above.
  const known = block as unknown as KnownBlock;
  switch (known.type) {
    case 'section':
      return html`<${SectionBlock} block=${known} />`;
    case 'header':
      return html`<h3 class="block-header"><${InlineTextObject} object=${known.text} /></h3>`;
    case 'divider':
      return html`<hr class="block-divider" />`;
    case 'context':
      return html`<${ContextBlock} block=${known} />`;
    case 'actions':
      return html`<${ActionsBlock} block=${known} />`;
    case 'image':
      return html`<${ImageBlock} block=${known} />`;
    case 'input':
      return html`<${InputBlock} block=${known} />`;
    case 'rich_text':
      return html`<${RichText} block=${known} />`;
    case 'markdown':
      return html`<${MarkdownText} text=${known.text} />`;
    case 'table':
      return html`<${TableBlock} block=${known} />`;
    case 'data_table':
      return html`<${DataTable} block=${known} />`;
    case 'alert':
      return html`<div class=${`block-alert alert-${known.level ?? 'default'}`} role="status">
        <${TextObjectView} object=${known.text} />
      </div>`;
    default:
      return html`<${Placeholder} what=${block.type} />`;
  }
}
