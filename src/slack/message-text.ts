/** All that a message of any app says, as one text: its own, its blocks', its attachments' and the addresses behind links. */

/** Deeper than any message of Slack's; wide ones are bounded by what is kept. */
const depthMax = 12;
const charactersMax = 20_000;

/** Names of keys and kinds of blocks say nothing of what the message is about. */
const silentKeys = new Set([
  'type',
  'block_id',
  'action_id',
  'ts',
  'user',
  'bot_id',
  'app_id',
  'team',
  'color',
  'style',
]);

/** Pure. Takes whatever Slack sent: what is no text is passed over. */
export function messageText(message: unknown): string {
  const parts: string[] = [];
  let room = charactersMax;
  const visit = (value: unknown, depth: number): void => {
    if (room <= 0 || depth > depthMax) return;
    if (typeof value === 'string') {
      parts.push(value.slice(0, room));
      room -= value.length + 1;
    } else if (Array.isArray(value)) {
      for (const one of value) visit(one, depth + 1);
    } else if (typeof value === 'object' && value !== null) {
      // A field of an attachment is a label with its value: `Namespace` and `payments-staging`.
      const { title, value: text } = value as { title?: unknown; value?: unknown };
      if (typeof title === 'string' && typeof text === 'string') visit(`${title}: ${text}`, depth + 1);
      else for (const [key, one] of Object.entries(value)) if (!silentKeys.has(key)) visit(one, depth + 1);
    }
  };
  visit(message, 0);
  return unescaped(parts.join('\n'));
}

/** Slack escapes three characters, and writes links as `<address|label>`. */
function unescaped(text: string): string {
  return text
    .replaceAll(/<([^<>|]{1,2000})\|([^<>]{0,500})>/g, '$1 $2')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
