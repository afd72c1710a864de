/** One question over HTTP, with what time the other side has. */
import { Agent, fetch } from 'undici';
import { ProblemError, problem } from '../../core/problem.ts';

/** For an answer; whoever waits sits at a terminal. */
const answerWithinMs = 10_000;

export interface Answer {
  readonly status: number;
  readonly text: string;
  header(name: string): string | undefined;
  /** By their clock, to the second; `undefined` when they do not say. */
  readonly at: number | undefined;
  /** By ours, in the middle between question and answer. */
  readonly askedAt: number;
}

interface Question {
  readonly token?: string;
  readonly method?: 'GET' | 'POST';
  /** PEM; the system's own authorities when not given. */
  readonly ca?: string;
}

/** @throws ProblemError without a word of the question: there may be a token in it. */
export async function ask(
  url: string,
  whom: string,
  now: () => number,
  { token, method = 'GET', ca }: Question = {},
): Promise<Answer> {
  const begunAt = now();
  const dispatcher = new Agent({ connect: ca === undefined ? {} : { ca } });
  try {
    const response = await fetch(url, {
      method,
      headers: {
        'user-agent': 'greenlight',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      signal: AbortSignal.timeout(answerWithinMs),
      redirect: 'error',
      dispatcher,
    });
    const at = Date.parse(response.headers.get('date') ?? '');
    return {
      status: response.status,
      text: await response.text(),
      header: (name) => response.headers.get(name) ?? undefined,
      // It is cut off to the second.
      at: Number.isNaN(at) ? undefined : at + 500,
      askedAt: (begunAt + now()) / 2,
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer';
    throw new ProblemError(
      problem(
        'outside_unavailable',
        `${whom} cannot be reached (${code}).`,
        'Look at the address in the settings, and whether this machine may connect to it.',
      ),
    );
  } finally {
    await dispatcher.destroy();
  }
}
