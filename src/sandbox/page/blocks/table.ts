/** Tables: Slack's `table`, and `data_table` with its caption and pages. */
import type { DataTableBlock, RichTextBlock, TableBlock as Table } from '@slack/types';
import { useState } from 'preact/hooks';
import { html, type VNode } from '../html.ts';
import { withEmoji } from '../text/emoji.ts';
import { RichText } from '../text/rich-text.ts';

type Cell = Table['rows'][number][number];

export function TableBlock({ block }: { block: Table }): VNode {
  const [head, ...body] = block.rows;
  const cell = (content: Cell, column: number, tag: 'th' | 'td') => {
    const settings = block.column_settings?.[column];
    const align = settings?.align ?? (content.type === 'raw_number' ? 'right' : 'left');
    return html`<${tag} class=${`align-${align} ${settings?.is_wrapped ? 'is-wrapped' : ''}`}>
      <${CellContent} cell=${content} />
    </${tag}>`;
  };
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Table">
    <table class="block-table">
      <thead><tr>${head?.map((content, column) => cell(content, column, 'th'))}</tr></thead>
      <tbody>${body.map((row) => html`<tr>${row.map((content, column) => cell(content, column, 'td'))}</tr>`)}</tbody>
    </table>
  </div>`;
}

/** Slack's default page; the docs of data_table say 5. */
const pageSizeDefault = 5;

export function DataTable({ block }: { block: DataTableBlock }): VNode {
  const [page, setPage] = useState(0);
  const size = block.page_size ?? pageSizeDefault;
  const [head, ...body] = block.rows;
  const pages = Math.max(1, Math.ceil(body.length / size));
  const shown = [...(head ? [head] : []), ...body.slice(page * size, (page + 1) * size)];
  return html`<figure class="data-table">
    <figcaption>${block.caption}</figcaption>
    <${TableBlock} block=${{ type: 'table', rows: shown }} />
    ${
      pages > 1 &&
      html`<div class="table-pages">
        <button type="button" class="button button-small" disabled=${page === 0} onClick=${() => setPage(page - 1)}>Previous</button>
        <span>${page + 1} of ${pages}</span>
        <button type="button" class="button button-small" disabled=${page >= pages - 1} onClick=${() => setPage(page + 1)}>Next</button>
      </div>`
    }
  </figure>`;
}

function CellContent({ cell }: { cell: Cell }): VNode {
  if (cell.type === 'rich_text') return html`<${RichText} block=${cell as RichTextBlock} />`;
  return html`<span>${withEmoji(cell.text)}</span>`;
}
