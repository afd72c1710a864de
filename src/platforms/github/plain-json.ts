/**
 * Answers that Octokit hands on as the text that they are, for the plain parser: its own keeps integers of any size, by a
 * reviver that takes seven to ten times as long (json-with-bigint 3.5.12), and no number of GitHub's is too large for a plain one.
 */
import { keptShallow, withoutEncoding } from './shallow.ts';

/** Text to Octokit. GitHub says `application/json`, and of a log or a file `text/plain`. */
const unread = 'text/x-unread-json';

/** For calls whose answers `readJson` reads; a refusal Octokit reads itself, for the words of its error. */
export function leftUnread(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const isJson = /^application\/json\b/i.test(response.headers.get('content-type') ?? '');
    if (!response.ok || !isJson) return keptShallow(response);
    const headers = withoutEncoding(response.headers);
    headers.set('content-type', unread);
    return new Response(response.body, { status: response.status, headers });
  };
}

/** What cannot be read stays text, which no schema of an answer takes. */
export function readJson({ headers, data }: { headers: object; data: unknown }): unknown {
  const isUnread = 'content-type' in headers && headers['content-type'] === unread;
  if (!isUnread || typeof data !== 'string') return data;
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}
