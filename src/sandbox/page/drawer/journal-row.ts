/** One entry of the journal; open it to read what went over the wire. */
import { useState } from 'preact/hooks';
import type { JournalEntry } from '../../protocol.ts';
import { html, type VNode } from '../html.ts';
import { clockTime } from '../text/date.ts';
import { isProblem } from './problem.ts';

export function JournalRow({ entry, timeZone }: { entry: JournalEntry; timeZone: string }): VNode {
  const [isOpen, setIsOpen] = useState(false);
  const time = `${clockTime(entry.at, timeZone, true)}.${String(entry.at % 1000).padStart(3, '0')}`;
  const error = slackErrorOf(entry.response);
  return html`<div class=${`entry ${isProblem(entry) ? 'is-problem' : ''} ${isOpen ? 'is-open' : ''}`} role="listitem">
    <button type="button" class="entry-head" aria-expanded=${isOpen} onClick=${() => setIsOpen(!isOpen)}>
      <span class=${`entry-way way-${entry.kind}`} title=${entry.kind === 'envelope' ? 'to the app' : 'from the app'}>${entry.kind === 'envelope' ? '↓' : '↑'}</span>
      <span class="entry-name">${entry.operation}</span>
      <span class="entry-outcome">${error ?? entry.outcome}</span>
      <span class="entry-meta"><span class=${`box box-${entry.box}`}>${entry.box}</span>${time}<span>${entry.tookMs} ms</span>${entry.fault && html`<span class="entry-fault">${entry.fault}</span>`}</span>
    </button>
    ${
      isOpen &&
      html`<div class="entry-body">
        <${Json} title=${entry.kind === 'envelope' ? 'Envelope' : 'Request'} value=${entry.request} />
        <${Json} title=${entry.kind === 'envelope' ? 'Acknowledgement' : 'Response'} value=${entry.response} />
      </div>`
    }
  </div>`;
}

function slackErrorOf(response: unknown): string | undefined {
  if (typeof response !== 'object' || response === null || !('error' in response)) return undefined;
  return typeof response.error === 'string' ? response.error : undefined;
}

function Json({ title, value }: { title: string; value: unknown }): VNode | null {
  if (value === undefined) return null;
  return html`<div><h4>${title}</h4><pre tabindex="0">${JSON.stringify(unfold(value), null, 2)}</pre></div>`;
}

/** Slack's clients send blocks and views as JSON inside a form field: shown as what they mean. */
function unfold(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (typeof inner !== 'string' || !/^[[{]/.test(inner)) return [key, inner];
      try {
        return [key, JSON.parse(inner) as unknown];
      } catch {
        return [key, inner];
      }
    }),
  );
}
