/**
 * Small typed builders for Slack's blocks. Text of people and of the outside gets in through `plain`, `inline` or
 * `quote` only, so that none of it can become a mention, a link or a channel-wide ping.
 */
import type {
  ActionsBlock,
  Button,
  ContextBlock,
  DividerBlock,
  KnownBlock,
  MrkdwnElement,
  PlainTextElement,
  PlainTextOption,
  RichTextBlock,
  SectionBlock,
} from '@slack/types';
import { redactSecrets } from '../core/redact.ts';
import { count, fit } from '../core/text.ts';
import { maxOf } from './limits.ts';
import { cleanWithin, lengthOut } from './without-secrets.ts';

/** A message as it is sent: `text` is what screen readers, notifications and search get. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** mrkdwn that we wrote, with foreign parts already through `inline`. `verbatim`: Slack links nothing by itself. */
export function mrkdwn(text: string, max = maxOf('textObject')): MrkdwnElement {
  return { type: 'mrkdwn', text: cleanWithin(text, max), verbatim: true };
}

/** Never markup, whatever it holds; an empty text, which Slack refuses, becomes a dash. */
export function plain(text: string, max = maxOf('textObject')): PlainTextElement {
  return {
    type: 'plain_text',
    text: cleanWithin(text.trim() === '' ? '–' : upright(text), max),
    emoji: false,
  };
}

/** Foreign text inside mrkdwn: on one line, cut before it is escaped so that no entity is cut in half. */
export function inline(text: string, max = 300): string {
  return escapeMrkdwn(onOneLine(text, max));
}

/** Cut without its secrets: of a password inside an address only the `@` behind it tells that it is one. */
function onOneLine(text: string, max: number): string {
  return cleanWithin(upright(text).replaceAll(/\s+/gu, ' ').trim(), max);
}

/** Slack's three control characters. What is left of `<!channel>` afterwards is only text. */
export function escapeMrkdwn(text: string): string {
  return cleanToEscape(upright(text))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** Escaped, a secret may have its form no more, and is not known for one when all is cleaned before it is sent. */
function cleanToEscape(text: string): string {
  return /[&<>]/u.test(text) ? redactSecrets(text) : text;
}

/**
 * Without the invisible characters that change the direction of reading: behind one of them, a name or a commit's
 * title would make a card read otherwise than it is (CVE-2021-42574, "Trojan Source").
 */
function upright(text: string): string {
  return text.replaceAll(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');
}

export function bold(text: string, max?: number): string {
  return `*${inline(text, max)}*`;
}

/** A link whose label is foreign text. Only web addresses become links; anything else stays a label. */
export function link(label: string, url: string, max?: number): string {
  const shown = inline(label, max).replaceAll('|', '¦');
  return /^https?:\/\/[^\s<>|]+$/u.test(url) ? `<${url.replaceAll('&', '&amp;')}|${shown}>` : shown;
}

/** Foreign text in which whole web addresses may be followed; each is shown as it is, so no label can deceive. */
export function linked(text: string, max = 600): string {
  return (
    cleanToEscape(onOneLine(text, max))
      // Without the full stop that ends the sentence rather than the address.
      .split(/(https?:\/\/[^\s<>|"]*[^\s<>|".,;:!?)])/u)
      .map((part, index) => (index % 2 === 1 ? `<${part.replaceAll('&', '&amp;')}>` : escapeMrkdwn(part)))
      .join('')
  );
}

/** A moment in the reader's own time zone; who cannot render it reads UTC. */
export function date(at: number, form = '{date_short_pretty} {time}'): string {
  const utc = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  return `<!date^${Math.floor(at / 1000)}^${form}|${utc} UTC>`;
}

export function mention(id: string): string {
  return /^[UW][A-Z0-9]+$/u.test(id) ? `<@${id}>` : inline(id);
}

export function section(text: string, id?: string): SectionBlock {
  return { type: 'section', text: mrkdwn(text), ...idOf(id) };
}

/** Labelled values, two columns wide; values are mrkdwn already. Cut to Slack's ten. */
export function fields(pairs: readonly { label: string; value: string }[], id?: string): SectionBlock {
  const shown = pairs.slice(0, maxOf('sectionFields'));
  return {
    type: 'section',
    fields: shown.map((pair) => mrkdwn(`${bold(pair.label, 75)}\n${pair.value}`, maxOf('sectionField'))),
    ...idOf(id),
  };
}

export function context(text: string, id?: string): ContextBlock {
  return { type: 'context', elements: [mrkdwn(text)], ...idOf(id) };
}

export function divider(): DividerBlock {
  return { type: 'divider' };
}

/** Somebody's own words over several lines, set apart from ours. */
export function quote(text: string, id?: string): RichTextBlock {
  return {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_quote',
        elements: [{ type: 'text', text: cleanWithin(text.trim() === '' ? '–' : upright(text), 2900) }],
      },
    ],
    ...idOf(id),
  };
}

/** What a program wrote, in a type of even width: never markup. Whole lines, as many of the last ones as fit. */
export function preformatted(lines: readonly string[], max = maxOf('preformatted')): KnownBlock[] {
  const kept: string[] = [];
  let room = max;
  for (const line of lines.toReversed()) {
    const shown = fit(line, maxOf('preformattedLine'));
    const length = lengthOut(shown) + 1;
    if (length > room) break;
    kept.unshift(shown);
    room -= length;
  }
  const left = lines.length - kept.length;
  const text = kept.join('\n');
  return [
    ...(left > 0 ? [context(`… ${count(left, 'earlier line')} left out`)] : []),
    {
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_preformatted',
          // Slack refuses an empty text.
          elements: [{ type: 'text', text: text.trim() === '' ? '–' : text }],
          border: 0,
        },
      ],
    },
  ];
}

export function button(spec: {
  readonly label: string;
  readonly action: string;
  readonly value?: string;
  readonly url?: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: { title: string; text: string; confirm: string };
}): Button {
  const { confirm, style } = spec;
  return {
    type: 'button',
    action_id: spec.action,
    text: plain(spec.label, maxOf('buttonText')),
    ...(spec.value === undefined ? {} : { value: spec.value }),
    ...(spec.url === undefined ? {} : { url: spec.url }),
    ...(style === undefined ? {} : { style }),
    ...(confirm === undefined
      ? {}
      : {
          confirm: {
            title: plain(confirm.title, maxOf('confirmTitle')),
            text: plain(confirm.text, maxOf('confirmText')),
            confirm: plain(confirm.confirm, maxOf('confirmButton')),
            deny: plain('Not now', maxOf('confirmButton')),
            ...(style === undefined ? {} : { style }),
          },
        }),
  };
}

export function actions(elements: ActionsBlock['elements'], id?: string): ActionsBlock {
  return { type: 'actions', elements: elements.slice(0, maxOf('actionsElements')), ...idOf(id) };
}

export function option(value: string, label: string, description?: string): PlainTextOption {
  return {
    value,
    text: plain(label, maxOf('optionText')),
    ...(description ? { description: plain(description, maxOf('optionDescription')) } : {}),
  };
}

/** As many whole lines as fit, and how many more there are. */
export function linesWithin(
  lines: readonly string[],
  maxLines: number,
  more: (left: number) => string,
  max = maxOf('textObject'),
): string {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    // 80: room for the line that says how many are left.
    if (kept.length >= maxLines || length + line.length + 1 > max - 80) break;
    kept.push(line);
    length += line.length + 1;
  }
  const left = lines.length - kept.length;
  return [...kept, ...(left > 0 ? [more(left)] : [])].join('\n');
}

/** All of the lines, in as few texts as hold them: one block each. */
export function inBlocks(lines: readonly string[], charactersPerBlock: number): string[] {
  const texts: string[] = [];
  let text = '';
  for (const line of lines) {
    if (text !== '' && text.length + line.length + 1 > charactersPerBlock) {
      texts.push(text);
      text = '';
    }
    text = text === '' ? line : `${text}\n${line}`;
  }
  return text === '' ? texts : [...texts, text];
}

function idOf(id: string | undefined): { block_id?: string } {
  return id === undefined ? {} : { block_id: fit(id, maxOf('blockId')) };
}
