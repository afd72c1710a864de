/** `:rocket:` as a character. The map comes once from the server; until it is there a name stays a name. */
import { html, type VNode } from '../html.ts';

let characters: Readonly<Record<string, string>> = {};

export async function loadEmoji(): Promise<void> {
  const response = await fetch('/page/emoji.json');
  if (response.ok) characters = await response.json();
}

/** The character of a name, or `undefined`. */
export function emojiCharacter(name: string): string | undefined {
  return Object.hasOwn(characters, name) ? characters[name] : undefined;
}

/** The emoji, read aloud by its name; an unknown one as `:name:`. */
export function Emoji({ name }: { name: string }): VNode {
  const character = emojiCharacter(name);
  if (character === undefined) return html`<span class="emoji-name">:${name}:</span>`;
  const spoken = name.replaceAll('_', ' ');
  return html`<span class="emoji" role="img" aria-label=${spoken} title=${`:${name}:`}>${character}</span>`;
}

/** Plain text in which shortcodes are drawn (Slack's plain_text with `emoji: true`). */
export function withEmoji(text: string): (string | VNode)[] {
  return text.split(/(:[a-z0-9_+'-]+:)/).map((part) => {
    const name = /^:([a-z0-9_+'-]+):$/.exec(part)?.[1];
    return name !== undefined && emojiCharacter(name) !== undefined ? html`<${Emoji} name=${name} />` : part;
  });
}
