/**
 * Who is on call: from the catalog itself, from an address that answers JSON, or from PagerDuty's REST API v2
 * (developer.pagerduty.com, "List all of the on-calls"). Only reading; what comes back is checked at the door.
 */
import { z } from 'zod';
import { secondMs } from '../../core/duration.ts';
import type { GroupSource, Schedule } from '../../core/groups.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { outageDetail, outageOf } from '../outage.ts';

export interface OnCallSettings {
  /** Sent as `Authorization: Bearer` to addresses of schedules. */
  readonly token?: string;
  readonly pagerduty?: {
    readonly token: string;
    /** PagerDuty's own when not given; that of the EU is https://api.eu.pagerduty.com. */
    readonly url?: string;
  };
}

/** An answer that takes longer, or is larger, helps nobody who waits for a verdict. */
const limits = { answerMs: 10 * secondMs, bytes: 1_000_000, perPage: 100, pages: 10 } as const;

/** `schedule`: as the catalog says it now; `undefined` when it names none so. */
export function connectSchedules(
  settings: OnCallSettings,
  schedule: (name: string) => Schedule | undefined,
): GroupSource {
  return {
    async members(name) {
      const found = schedule(name);
      if (!found) throw failed('not_found', name, 'is not in the catalog');
      if ('members' in found) return found.members;
      return 'http' in found
        ? fromAddress(name, found.http, settings.token)
        : fromPagerDuty(name, found.pagerduty, settings.pagerduty);
    },
  };
}

const email = z.email().transform((text) => text.toLowerCase());
const person = z.union([email, z.looseObject({ email }).transform((one) => one.email)]);
const answerSchema = z.union([
  z.array(person),
  z.looseObject({ onCall: z.array(person) }).transform(({ onCall }) => onCall),
]);

/** `["sam@acme.example"]`, or `{"onCall": [{"email": "sam@acme.example"}]}`, or one of these in the other. */
async function fromAddress(name: string, url: string, token: string | undefined): Promise<readonly string[]> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return read(name, answerSchema, await get(name, new URL(url), headers));
}

const onCallsSchema = z.looseObject({
  oncalls: z.array(z.looseObject({ user: z.looseObject({ email }) })),
  more: z.boolean().default(false),
});

async function fromPagerDuty(
  name: string,
  id: string,
  settings: OnCallSettings['pagerduty'],
): Promise<readonly string[]> {
  if (!settings) throw failed('outside_refused', name, 'cannot be asked for without PAGERDUTY_TOKEN');
  const emails: string[] = [];
  for (let page = 0; page < limits.pages; page++) {
    const url = new URL('oncalls', `${(settings.url ?? 'https://api.pagerduty.com').replace(/\/+$/, '')}/`);
    url.searchParams.append('schedule_ids[]', id);
    // Without it the user is a reference, which has no address.
    url.searchParams.append('include[]', 'users');
    url.searchParams.append('limit', String(limits.perPage));
    url.searchParams.append('offset', String(page * limits.perPage));
    const text = await get(name, url, {
      authorization: `Token token=${settings.token}`,
      accept: 'application/vnd.pagerduty+json;version=2',
    });
    const { oncalls, more } = read(name, onCallsSchema, text);
    emails.push(...oncalls.map(({ user }) => user.email));
    if (!more) return [...new Set(emails)];
  }
  throw failed('outside_refused', name, 'answers more than anybody reads');
}

/** The token is in a header alone, and no redirect is followed with it. */
async function get(name: string, url: URL, headers: Record<string, string>): Promise<string> {
  let answered: { readonly status: number; readonly text: string };
  try {
    const signal = AbortSignal.timeout(limits.answerMs);
    const response = await fetch(url, { headers, redirect: 'error', signal });
    answered = { status: response.status, text: await textOf(response) };
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw failed('outside_unavailable', name, outageOf(error).words, outageDetail(error));
  }
  const { status, text } = answered;
  if (status === 200) return text;
  if (status === 401 || status === 403) throw failed('outside_refused', name, 'does not accept our token');
  throw failed('outside_unavailable', name, `answered with status ${status}`);
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > limits.bytes) throw failed('outside_refused', 'on call', 'answers more than anybody reads');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function read<Schema extends z.ZodType>(name: string, schema: Schema, text: string): z.infer<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw failed('outside_refused', name, 'does not answer as it should', z.prettifyError(parsed.error));
}

function failed(
  code: 'not_found' | 'outside_refused' | 'outside_unavailable',
  name: string,
  words: string,
  detail = '',
): ProblemError {
  return new ProblemError(
    problem(code, `The schedule ${name} ${words}.`, 'Ask the platform team to look at it.', {
      detail,
      isTransient: code === 'outside_unavailable',
    }),
  );
}
