/** From what a person types to what Slack stores, and the word under the cursor. Pure. */

interface Named {
  readonly id: string;
  readonly name: string;
}

export interface Directory {
  readonly people: readonly Named[];
  readonly groups: readonly Named[];
  readonly channels: readonly Named[];
}

/** `@sam`, `@sre`, `#deploys`, `@here` become Slack's `<@U...>` and so on; the rest is escaped as Slack does. */
export function encodeMessage(text: string, directory: Directory): string {
  const escaped = text.replace(
    /[&<>]/g,
    (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char] ?? char,
  );
  return escaped.replace(
    /(^|[\s(])([@#])([a-z0-9][a-z0-9._-]*)/gi,
    (all, before: string, mark: string, word: string) => {
      const found = lookUp(mark, word.replace(/[.-]+$/, ''), directory);
      const rest = word.slice(word.replace(/[.-]+$/, '').length);
      return found === undefined ? all : `${before}${found}${rest}`;
    },
  );
}

function lookUp(mark: string, word: string, directory: Directory): string | undefined {
  const wanted = word.toLowerCase();
  const named = (list: readonly Named[]) => list.find(({ name }) => name.toLowerCase() === wanted);
  if (mark === '#') {
    const channel = named(directory.channels);
    return channel && `<#${channel.id}|${channel.name}>`;
  }
  if (['here', 'channel', 'everyone'].includes(wanted)) return `<!${wanted}>`;
  const person = named(directory.people);
  if (person) return `<@${person.id}>`;
  const group = named(directory.groups);
  return group && `<!subteam^${group.id}>`;
}

/** The `@...` or `#...` that is being typed at the cursor. */
export function wordAtCursor(
  text: string,
  cursor: number,
): { mark: '@' | '#'; query: string; start: number } | undefined {
  const match = /(?:^|[\s(])([@#])([a-z0-9._-]*)$/i.exec(text.slice(0, cursor));
  if (!match) return undefined;
  const query = match[2] ?? '';
  return { mark: match[1] === '#' ? '#' : '@', query, start: cursor - query.length - 1 };
}
