/** A text object of Block Kit, `plain_text` or `mrkdwn`, whichever it says it is. */
import { html, type VNode } from '../html.ts';
import { withEmoji } from './emoji.ts';
import { InlineMrkdwn, MrkdwnText } from './mrkdwn-text.ts';

export interface TextObject {
  readonly type: string;
  readonly text: string;
  readonly verbatim?: boolean;
}

/** A paragraph or more. */
export function TextObjectView({ object }: { object: TextObject }): VNode {
  if (object.type === 'mrkdwn') return html`<${MrkdwnText} ...${object} />`;
  return html`<div class="plain-text">${withEmoji(object.text)}</div>`;
}

/** Within a line: labels of options, of buttons, of fields. */
export function InlineTextObject({ object }: { object: TextObject }): VNode {
  if (object.type === 'mrkdwn') return html`<${InlineMrkdwn} ...${object} />`;
  return html`<span>${withEmoji(object.text)}</span>`;
}
