/**
 * The `fetch` that Octokit uses here: bounded in time, and polite to a server that is asked the same question again
 * and again. GitHub answers 304 to a conditional request that found nothing new, and does not count it against the
 * rate limit (docs.github.com, "Best practices for using the REST API": conditional requests).
 */
import { withoutEncoding } from './shallow.ts';

/** Following ten deploys asks for twenty addresses; 100 answers of some ten KiB each stay small. */
const remembersMax = 100;

/** What is polled while a deploy runs: a run, and its jobs. */
const polled = /\/actions\/runs\/\d+(?:\/jobs)?$/;

interface Remembered {
  readonly etag: string;
  readonly body: string;
  readonly headers: Headers;
}

export function politeFetch(timeoutMs: number): typeof fetch {
  const remembered = new Map<string, Remembered>();

  const remember = (address: string, answer: Remembered) => {
    // Taken out and put in again: a Map's first key is then the one that was used longest ago.
    remembered.delete(address);
    remembered.set(address, answer);
    const oldest = remembered.keys().next();
    if (remembered.size > remembersMax && !oldest.done) remembered.delete(oldest.value);
  };

  return async (input, init) => {
    const signals = [AbortSignal.timeout(timeoutMs), ...(init?.signal ? [init.signal] : [])];
    const bounded = { ...init, signal: AbortSignal.any(signals) };
    const address = String(input);
    if ((init?.method ?? 'GET') !== 'GET' || !polled.test(new URL(address).pathname))
      return fetch(input, bounded);

    const before = remembered.get(address);
    const headers = new Headers(init?.headers);
    if (before) headers.set('if-none-match', before.etag);
    const response = await fetch(input, { ...bounded, headers });
    if (response.status === 304 && before) {
      remember(address, before);
      return new Response(before.body, { status: 200, headers: before.headers });
    }
    const etag = response.headers.get('etag');
    if (response.status !== 200 || etag === null) return response;
    const body = await response.text();
    const plain = withoutEncoding(response.headers);
    remember(address, { etag, body, headers: plain });
    return new Response(body, { status: 200, headers: plain });
  };
}
