/**
 * A message whose posting was not answered may be there all the same: a card would stay as it is for ever beside a second
 * one, and a line would mention people twice. Slack knows no key by which a message is posted once, so it is looked for,
 * where Slack lets us look.
 */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { minuteMs } from '../core/duration.ts';
import type { Moment, RequestId } from '../core/ids.ts';
import { slackErrorCode, slackProblem } from './errors.ts';

/** What a message says it is, for us to find it by. Everybody in the workspace can read it: ids and nothing else. */
export type Mark =
  | { readonly event_type: 'greenlight_request'; readonly event_payload: { readonly request_id: RequestId } }
  | { readonly event_type: 'greenlight_notice'; readonly event_payload: { readonly notice: string } };

export function cardMark(id: RequestId): Mark {
  return { event_type: 'greenlight_request', event_payload: { request_id: id } };
}

/** `key`: the notice's own. */
export function noticeMark(key: string): Mark {
  return { event_type: 'greenlight_notice', event_payload: { notice: key } };
}

export interface LostMessage {
  readonly channel: string;
  /** The ts of the message that it answers. */
  readonly thread?: string;
  readonly mark: Mark;
  /** It was not posted before. */
  readonly since: Moment;
}

/** Slack's clock and ours may differ. */
const skewMs = 5 * minuteMs;
/** 1,000 messages; what lies further was not posted a moment ago. */
const pagesMax = 5;
const perPage = 200;

const pageSchema = z.object({
  messages: z
    .array(
      z.object({
        ts: z.string(),
        metadata: z
          .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
          .optional()
          .catch(undefined),
      }),
    )
    .default([]),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
type Page = z.infer<typeof pageSchema>;

/**
 * The ts of what claims to be this message; whether it is ours shows when it is edited. `undefined` when there is none, or
 * when the administrator has not let us read there.
 * @throws ProblemError when Slack cannot tell now.
 */
export async function findLost(client: WebClient, lost: LostMessage): Promise<string | undefined> {
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page++) {
    const { messages, response_metadata } = await readPage(client, lost, cursor);
    const found = messages.find(({ metadata }) => metadata !== undefined && isMarked(metadata, lost.mark));
    if (found) return found.ts;
    cursor = response_metadata?.next_cursor || undefined;
    if (cursor === undefined) return undefined;
  }
  return undefined;
}

function isMarked(
  { event_type, event_payload }: NonNullable<Page['messages'][number]['metadata']>,
  mark: Mark,
) {
  if (event_type !== mark.event_type) return false;
  return Object.entries(mark.event_payload).every(([name, value]) => event_payload[name] === value);
}

async function readPage(
  { conversations }: WebClient,
  { channel, thread, since }: LostMessage,
  cursor: string | undefined,
): Promise<Page> {
  const oldest = ((since - skewMs) / 1_000).toFixed(6);
  const where = { channel, oldest, limit: perPage, ...(cursor === undefined ? {} : { cursor }) };
  const [method, answer] =
    thread === undefined
      ? (['conversations.history', conversations.history({ ...where, include_all_metadata: true })] as const)
      : ([
          'conversations.replies',
          conversations.replies({ ...where, ts: thread, include_all_metadata: true }),
        ] as const);
  try {
    return pageSchema.parse(await answer);
  } catch (error) {
    if (unreadable.has(slackErrorCode(error) ?? '')) return { messages: [] };
    throw slackProblem(error, method);
  }
}

/** The last: the message that it would answer is gone, and with it what was said under it. */
const unreadable = new Set([
  'missing_scope',
  'not_in_channel',
  'channel_not_found',
  'no_permission',
  'thread_not_found',
]);
