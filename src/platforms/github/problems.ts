/** What GitHub's refusal, or its silence, means for the person who asked. */
import { ZodError, z } from 'zod';
import type { Moment } from '../../core/ids.ts';
import { type Problem, ProblemError, problem } from '../../core/problem.ts';
import { outageDetail, outageOf } from '../outage.ts';

const tryLater = 'Greenlight tries again by itself; if it stays, look at githubstatus.com.';
const rightsFile = 'deploy/github-app-permissions.yml';

/** GitHub's advice when a secondary limit gives no `retry-after`: wait at least one minute. */
const secondaryLimitMs = 60_000;

/** An answer of 400 and above, as Octokit throws it; without `response` there was no answer at all. */
const httpErrorSchema = z.object({
  name: z.literal('HttpError'),
  status: z.int(),
  response: z.object({
    headers: z.record(z.string(), z.union([z.string(), z.number()]).optional()),
    data: z.unknown(),
  }),
});
export type HttpError = z.infer<typeof httpErrorSchema>;

/** The refusal in an error; `undefined` when it is none. */
export function httpErrorOf(error: unknown): HttpError | undefined {
  if (!(error instanceof Error)) return undefined;
  return httpErrorSchema.safeParse({ ...error, name: error.name }).data;
}

/**
 * @param about what the call was about: "the workflow deploy.yml of acme/payments".
 * @param now to tell how long a rate limit lasts.
 */
export function problemOf(error: unknown, about: string, now: Moment): ProblemError {
  if (error instanceof ProblemError) return error;
  const refused = httpErrorOf(error);
  return new ProblemError(refused ? refusal(refused, about, now) : silence(error, about), { cause: error });
}

/**
 * The same port, whose methods throw `ProblemError` also where an answer is not what GitHub's reference says: each part
 * reads its answers by a schema, and a proxy's page or a new field's type is an outage to whoever waits.
 */
export function sayingProblems<Port extends object>(port: Port, now: () => Moment): Port {
  const translated = (name: string) => (error: unknown) => {
    throw error instanceof ZodError ? problemOf(error, name, now()) : error;
  };
  const methods = Object.entries(port).map(([name, method]: [string, unknown]) => {
    if (typeof method !== 'function') return [name, method];
    const call = (...given: readonly unknown[]) => {
      const answer: unknown = method(...given);
      return answer instanceof Promise ? answer.catch(translated(name)) : answer;
    };
    return [name, call];
  });
  return Object.fromEntries(methods) as Port;
}

/** GitHub's own sentence, with the fields it complains about; "" when it says nothing. */
export function messageOf(data: unknown): string {
  const body = bodySchema.safeParse(data).data;
  if (!body) return '';
  const fields = body.errors.map((one) =>
    typeof one === 'string'
      ? one
      : one.message || [one.resource, one.field, one.code].filter(Boolean).join(' '),
  );
  const sentence = [body.message, ...fields]
    .filter(Boolean)
    .join(': ')
    .replace(/\s+/g, ' ')
    .replace(/\.$/, '');
  return sentence.length > 300 ? `${sentence.slice(0, 299)}…` : sentence;
}

const bodySchema = z.object({
  message: z.string().default(''),
  documentation_url: z.string().default(''),
  errors: z
    .array(
      z.union([
        z.string(),
        z.object({
          message: z.string().optional(),
          resource: z.string().optional(),
          field: z.string().optional(),
          code: z.string().optional(),
        }),
      ]),
    )
    .catch([])
    .default([]),
});

function silence(error: unknown, about: string): Problem {
  const detail = `${about}: ${outageDetail(error)}`;
  if (error instanceof ZodError) {
    const sentence = 'GitHub answered with something that Greenlight cannot read.';
    return problem('outside_unavailable', sentence, tryLater, { detail, isTransient: true });
  }
  if (isKeyMistake(error)) {
    const sentence = 'Greenlight cannot sign in to GitHub: the private key of its GitHub App cannot be read.';
    return problem('outside_refused', sentence, 'Tell the platform team to set the key again.', {
      // The message of a key's parser is left out: it is about the key.
      detail: about,
    });
  }
  const outage = outageOf(error);
  return problem(
    'outside_unavailable',
    `GitHub ${outage.words}.`,
    outage.isTransient ? tryLater : 'Tell the platform team: the connection to GitHub must be repaired.',
    { detail, isTransient: outage.isTransient },
  );
}

function isKeyMistake(error: unknown): boolean {
  return (
    error instanceof Error &&
    /private key|privateKey|asn1|pkcs|DECODER|DataError/i.test(`${error.name} ${error.message}`)
  );
}

function refusal(error: HttpError, about: string, now: Moment): Problem {
  const { status } = error;
  const said = messageOf(error.response.data);
  const needs = error.response.headers['x-accepted-github-permissions'];
  const detail = `${about}: ${status} ${said}${needs === undefined ? '' : ` (needs ${needs})`}`;

  const waitMs = rateLimitMs(error, now);
  if (waitMs !== undefined) {
    return problem(
      'outside_unavailable',
      'GitHub has been asked too much for the moment.',
      'Greenlight goes on by itself when GitHub takes questions again.',
      { detail, isTransient: true, retryAfterMs: waitMs },
    );
  }
  if (status >= 500) {
    const after = retryAfterHeaderMs(error);
    return problem('outside_unavailable', `GitHub has trouble of its own (${status}).`, tryLater, {
      detail,
      isTransient: true,
      ...(after === undefined ? {} : { retryAfterMs: after }),
    });
  }
  switch (status) {
    case 401:
      return problem(
        'outside_refused',
        "GitHub does not accept Greenlight's credentials: they are wrong or have ended.",
        'Tell the platform team to renew the token or the key of the GitHub App.',
        { detail },
      );
    case 403:
      return problem(
        'outside_refused',
        `GitHub does not let Greenlight do this with ${about}: ${said || 'it gave no reason'}.`,
        `Tell the platform team: the rights that the GitHub App needs are listed in ${rightsFile}.`,
        { detail },
      );
    case 404:
    case 410:
      return problem(
        'not_found',
        `GitHub shows no ${about.replace(/^the /, '')}: it does not exist, or Greenlight's GitHub App may not see it.`,
        `Check the name, and that the App is installed for the repository with the rights in ${rightsFile}.`,
        { detail },
      );
    case 409:
      return problem(
        'conflict',
        `GitHub says of ${about}: ${said || 'it has changed meanwhile'}.`,
        'Look at it again.',
        {
          detail,
        },
      );
    default:
      return problem(
        'outside_refused',
        `GitHub refused ${about}: ${said || `it answered ${status}`}.`,
        'Check what you asked for; if it looks right, tell the platform team.',
        { detail },
      );
  }
}

/**
 * How long to wait when the answer is about a rate limit, in milliseconds; `undefined` when it is about something
 * else. Primary limits say when they end; secondary ones answer 403 or 429, with or without `retry-after`, and are
 * known by their words (docs.github.com, "Rate limits for the REST API").
 */
function rateLimitMs(error: HttpError, now: Moment): number | undefined {
  if (error.status !== 403 && error.status !== 429) return undefined;
  const after = retryAfterHeaderMs(error);
  if (after !== undefined) return after;
  const { headers, data } = error.response;
  if (String(headers['x-ratelimit-remaining']) === '0') {
    const resetAt = Number(headers['x-ratelimit-reset']) * 1000;
    return Number.isFinite(resetAt) ? Math.max(1000, resetAt - now) : secondaryLimitMs;
  }
  const body = bodySchema.safeParse(data).data;
  const isLimit =
    error.status === 429 ||
    /rate limit|abuse detection/i.test(body?.message ?? '') ||
    /(?:abuse|secondary)-rate-limits$/.test(body?.documentation_url ?? '');
  return isLimit ? secondaryLimitMs : undefined;
}

function retryAfterHeaderMs(error: HttpError): number | undefined {
  const header = error.response.headers['retry-after'];
  const seconds = header === undefined || header === '' ? Number.NaN : Number(header);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}
