/**
 * A card whose posting was not answered may be there all the same, and would stay as it is for ever beside a second one:
 * Slack knows no key by which a message is posted once. So it is looked for, where Slack lets us look.
 */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { minuteMs } from '../core/duration.ts';
import type { PlatformRequest } from '../core/request.ts';
import { slackErrorCode, slackProblem } from './errors.ts';

/** With what a card says which request it is. Everybody in the workspace can read it: the id and nothing else. */
export const cardEvent = 'greenlight_request';

/** Slack's clock and ours may differ. */
const skewMs = 5 * minuteMs;
/** 1,000 messages back; what lies further was not posted a moment ago. */
const pagesMax = 5;
const perPage = 200;

const pageSchema = z.object({
  messages: z
    .array(
      z.object({
        ts: z.string(),
        metadata: z
          .object({ event_type: z.string(), event_payload: z.looseObject({ request_id: z.unknown() }) })
          .optional()
          .catch(undefined),
      }),
    )
    .default([]),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/**
 * The ts of what claims to be this request's card, the newest; whether it is ours shows when it is edited. `undefined`
 * when there is none, or when the administrator has not let us read there.
 * @throws ProblemError when Slack cannot tell now.
 */
export async function findLostCard(
  client: WebClient,
  channel: string,
  request: PlatformRequest,
): Promise<string | undefined> {
  const oldest = ((request.createdAt - skewMs) / 1_000).toFixed(6);
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page++) {
    const { messages, response_metadata } = await readPage(client, { channel, oldest, cursor });
    const found = messages.find(
      ({ metadata }) =>
        metadata?.event_type === cardEvent && metadata.event_payload.request_id === request.id,
    );
    if (found) return found.ts;
    cursor = response_metadata?.next_cursor || undefined;
    if (cursor === undefined) return undefined;
  }
  return undefined;
}

async function readPage(
  client: WebClient,
  where: { readonly channel: string; readonly oldest: string; readonly cursor: string | undefined },
): Promise<z.infer<typeof pageSchema>> {
  const { cursor, ...rest } = where;
  try {
    return pageSchema.parse(
      await client.conversations.history({
        ...rest,
        limit: perPage,
        include_all_metadata: true,
        ...(cursor === undefined ? {} : { cursor }),
      }),
    );
  } catch (error) {
    if (unreadable.has(slackErrorCode(error) ?? '')) return { messages: [] };
    throw slackProblem(error, 'conversations.history');
  }
}

const unreadable = new Set(['missing_scope', 'not_in_channel', 'channel_not_found', 'no_permission']);
