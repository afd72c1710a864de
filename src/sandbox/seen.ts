/** What a person reads, as plain text: for conditions, for finding things by their label, and for failure messages. */
import type { MessageView, ModalView, Person, PersonView, SlackBlock, StateValue } from './protocol.ts';

/** Everything that is written in a message, markup taken away, one line per block. */
export function messageText(message: MessageView, people: readonly Person[] = []): string {
  const attached = (message.attachments ?? []).flatMap((one) => [
    ...(one.blocks && one.blocks.length > 0 ? [blocksText(one.blocks, people)] : []),
    ...[one.title, one.pretext, one.text].filter(isText).map((text) => plain(text, people)),
  ]);
  // With blocks of its own, Slack shows those and the text is only for notifications; attachments stand below either.
  const own = message.blocks ?? [];
  const lines = [own.length > 0 ? blocksText(own, people) : plain(message.text, people)];
  return [...lines, ...attached, ...message.files.map((file) => file.title)].filter(Boolean).join('\n');
}

export function blocksText(blocks: readonly SlackBlock[], people: readonly Person[] = []): string {
  return blocks
    .map((block) =>
      textsIn(block)
        .map((text) => plain(text, people))
        .join(' | '),
    )
    .filter(Boolean)
    .join('\n');
}

/** mrkdwn as the eye sees it: names for ids, no stars and arrows. */
export function plain(mrkdwn: string, people: readonly Person[] = []): string {
  return mrkdwn
    .replace(/<@(U\w+)(?:\|[^>]*)?>/g, (_, id) => `@${people.find((one) => one.id === id)?.name ?? id}`)
    .replace(/<!subteam\^\w+\|([^>]+)>/g, '$1')
    .replace(/<!date\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<!(channel|here|everyone)[^>]*>/g, '@$1')
    .replace(/<#\w+\|([^>]*)>/g, '#$1')
    .replace(/<([^|>]+)\|([^>]*)>/g, '$2')
    .replace(/<(https?:[^>]+)>/g, '$1')
    .replace(/(^|[\s(])[*_~]([^*_~\n]+)[*_~](?=$|[\s.,:;!?)])/gm, '$1$2')
    .replaceAll('`', '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** The whole screen of a person, for a failing test to print. */
export function screenText(view: PersonView): string {
  const lines = [`${view.me.realName} (${view.me.id}) sees:`];
  for (const channel of view.channels) {
    if (channel.messages.length === 0) continue;
    lines.push(`  ${channel.kind === 'im' ? '@' : '#'}${channel.name}`);
    for (const message of channel.messages.slice(-12))
      lines.push(...messageLines(message, view.people, '    '));
  }
  for (const modal of view.modals) lines.push(...modalLines(modal, view.people));
  if (view.home) lines.push('  Home tab', ...indent(blocksText(view.home.blocks, view.people), '    '));
  for (const notice of view.notices) lines.push(`  Slackbot, only to ${view.me.name}: ${notice.text}`);
  lines.push(view.connection.connected ? '  (the app is connected)' : '  (the app is away)');
  return lines.join('\n');
}

function messageLines(message: MessageView, people: readonly Person[], margin: string): string[] {
  const author = people.find((one) => one.id === message.user)?.name ?? message.user;
  const head = `${margin}${author}${message.ephemeral ? ' (only you)' : ''}: `;
  const [first = '', ...rest] = messageText(message, people).split('\n');
  const replies = (message.thread?.replies ?? []).flatMap((reply) =>
    messageLines(reply, people, `${margin}  > `),
  );
  return [head + first, ...rest.map((line) => `${margin}  ${line}`), ...replies];
}

function modalLines(modal: ModalView, people: readonly Person[]): string[] {
  return [
    `  Modal "${modal.title}" (${modal.callbackId || 'no callback id'})${modal.busy ? ', busy' : ''}`,
    ...modal.blocks.flatMap((block) => [
      ...indent(blocksText([block], people), '    '),
      ...Object.values(modal.state[block.block_id] ?? {}).map((value) => `      = ${shownValue(value)}`),
      ...(modal.errors[block.block_id] ? [`      ! ${modal.errors[block.block_id]}`] : []),
    ]),
    ...(modal.problem ? [`    ! ${modal.problem}`] : []),
    `    [${modal.close}]${modal.submit ? ` [${modal.submit}]` : ''}`,
  ];
}

function shownValue(value: StateValue): string {
  const { type: _, ...held } = value;
  const [shown] = Object.values(held);
  if (shown === null || shown === undefined) return '(empty)';
  if (typeof shown !== 'object') return String(shown);
  const list = Array.isArray(shown) ? shown : [shown];
  return list.map((one) => one?.text?.text ?? String(one)).join(', ') || '(empty)';
}

const textKeys = new Set(['text', 'label', 'placeholder', 'hint', 'alt_text', 'title', 'fallback']);
const skippedKeys = new Set([
  'confirm',
  'value',
  'action_id',
  'block_id',
  'type',
  'url',
  'image_url',
  'style',
]);

/** Every text that a block shows, in reading order; confirm dialogs are not on the screen yet. */
function textsIn(node: unknown, key = ''): string[] {
  if (typeof node === 'string') return textKeys.has(key) ? [node] : [];
  if (Array.isArray(node)) return node.flatMap((one) => textsIn(one, key));
  if (typeof node !== 'object' || node === null) return [];
  const special = richTextPart(node as Record<string, unknown>);
  if (special !== undefined) return [special];
  return Object.entries(node).flatMap(([name, value]) => (skippedKeys.has(name) ? [] : textsIn(value, name)));
}

function richTextPart(node: Record<string, unknown>): string | undefined {
  switch (node.type) {
    case 'rich_text_section':
    case 'rich_text_preformatted':
    case 'rich_text_quote':
      return (node.elements as Record<string, unknown>[]).map(inlineText).join('');
    default:
      return undefined;
  }
}

function inlineText(node: Record<string, unknown>): string {
  switch (node.type) {
    case 'user':
      return `<@${node.user_id}>`;
    case 'channel':
      return `#${node.channel_id}`;
    case 'usergroup':
      return `@${node.usergroup_id}`;
    case 'emoji':
      return `:${node.name}:`;
    case 'broadcast':
      return `@${node.range}`;
    case 'date':
      return String(node.fallback ?? '');
    case 'link':
      return String(node.text ?? node.url);
    default:
      return String(node.text ?? '');
  }
}

function indent(text: string, margin: string): string[] {
  return text === '' ? [] : text.split('\n').map((line) => margin + line);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
