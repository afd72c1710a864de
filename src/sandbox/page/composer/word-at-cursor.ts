/** The word that is being typed. Pure. What it stands for is found out by the box, when the message arrives. */

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
