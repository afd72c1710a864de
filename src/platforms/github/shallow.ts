/**
 * Keeps what is nested beyond all reason away from Octokit, where it reads by itself: refusals, and answers to signing in
 * (all else it hands on unread: plain-json.ts). It parses with a reviver that reads the source of each value
 * (json-with-bigint 3.5.12), which takes V8 time with the square of the depth: 4 kB of brackets are seconds in which nothing
 * else of ours runs. The plain parser reads them at once.
 */

/** GitHub's own answers have some ten levels. */
const depthMax = 100;

/** A `fetch` for what Octokit reads by itself. */
export function shallowFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => keptShallow(await fetch(input, init));
}

/** The same answer, its body read; one that is too deep comes as text, which no schema of an answer takes. */
export async function keptShallow(response: Response): Promise<Response> {
  if (!/\bjson\b/i.test(response.headers.get('content-type') ?? '')) return response;
  const body = await response.text();
  const headers = withoutEncoding(response.headers);
  if (isDeep(body)) headers.set('content-type', 'text/plain');
  const { status, statusText } = response;
  // An answer without a body may not be given one, not even an empty one.
  return new Response(body === '' ? null : body, { status, statusText, headers });
}

/** The body has been unpacked already, and its length with it. */
export function withoutEncoding(headers: Headers): Headers {
  const plain = new Headers(headers);
  plain.delete('content-encoding');
  plain.delete('content-length');
  return plain;
}

function isDeep(json: string): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < json.length; at++) {
    const char = json[at];
    if (isText) {
      if (char === '\\') at++;
      else if (char === '"') isText = false;
    } else if (char === '"') isText = true;
    else if (char === '[' || char === '{') {
      depth++;
      if (depth > depthMax) return true;
    } else if (char === ']' || char === '}') depth--;
  }
  return false;
}
