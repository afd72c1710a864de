/** Draws a markdown block: marked reads the text, we draw its tokens. Its HTML output is never used. */
import { marked, type Token, type Tokens } from 'marked';
import { type ComponentChildren, html, type VNode } from '../html.ts';
import { withEmoji } from './emoji.ts';
import { Link } from './link.ts';
import { safeImageUrl, safeUrl } from './safe.ts';

export function MarkdownText({ text }: { text: string }): VNode {
  return html`<div class="rich-text markdown">${drawAll(marked.lexer(text, { gfm: true, breaks: true }))}</div>`;
}

function drawAll(tokens: readonly Token[] | undefined): ComponentChildren {
  return tokens?.map((token) => draw(token as Tokens.Generic));
}

function draw(token: Tokens.Generic): ComponentChildren {
  switch (token.type) {
    case 'space':
    case 'checkbox':
    case 'def':
      return null;
    case 'heading':
      // Inside a message every heading is a small one: Slack draws them the same way.
      return html`<h4 class=${`markdown-heading level-${Math.min(Number(token.depth), 4)}`}>${drawAll(token.tokens)}</h4>`;
    case 'paragraph':
      return html`<p>${drawAll(token.tokens)}</p>`;
    case 'blockquote':
      return html`<blockquote>${drawAll(token.tokens)}</blockquote>`;
    case 'code':
      return html`<pre tabindex="0"><code>${token.text}</code></pre>`;
    case 'list':
      return drawList(token as Tokens.List);
    case 'table':
      return drawTable(token as Tokens.Table);
    case 'hr':
      return html`<hr class="block-divider" />`;
    case 'strong':
      return html`<strong>${drawAll(token.tokens)}</strong>`;
    case 'em':
      return html`<em>${drawAll(token.tokens)}</em>`;
    case 'del':
      return html`<s>${drawAll(token.tokens)}</s>`;
    case 'codespan':
      return html`<code>${token.text}</code>`;
    case 'br':
      return html`<br />`;
    case 'link': {
      const href = safeUrl(token.href);
      const label = drawAll(token.tokens);
      return href === undefined ? label : html`<${Link} url=${href}>${label}</${Link}>`;
    }
    case 'image': {
      const url = safeImageUrl(token.href);
      return url === undefined
        ? token.text
        : html`<img class="image-large" src=${url} alt=${token.text} loading="lazy" />`;
    }
    case 'escape':
      return token.text;
    case 'text':
      return token.tokens ? drawAll(token.tokens) : withEmoji(unescapeHtml(String(token.text)));
    default:
      // HTML and anything unknown is shown as it was typed.
      return token.raw;
  }
}

function drawList(list: Tokens.List): VNode {
  const items = list.items.map(
    (item) => html`<li class=${item.task ? 'task' : ''}>
      ${item.task && html`<input type="checkbox" checked=${item.checked} disabled aria-label="done" />`}
      ${drawAll(item.tokens)}
    </li>`,
  );
  return list.ordered ? html`<ol start=${list.start || 1}>${items}</ol>` : html`<ul>${items}</ul>`;
}

function drawTable(table: Tokens.Table): VNode {
  const cell = (content: Tokens.TableCell, tag: 'th' | 'td') =>
    html`<${tag} class=${`align-${content.align ?? 'left'}`}>${drawAll(content.tokens)}</${tag}>`;
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Table">
    <table class="block-table">
      <thead><tr>${table.header.map((content) => cell(content, 'th'))}</tr></thead>
      <tbody>${table.rows.map((row) => html`<tr>${row.map((content) => cell(content, 'td'))}</tr>`)}</tbody>
    </table>
  </div>`;
}

/** marked's lexer leaves entities alone in text; a person reads the character. */
function unescapeHtml(text: string): string {
  const known: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (all, name: string) => known[name] ?? all);
}
