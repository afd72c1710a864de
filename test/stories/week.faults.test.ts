/** After a week of requests, with Slack failing and the bot restarting in between, the workspace says what the store says. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { dayMs } from '../../src/core/duration.ts';
import { isEnded, type PlatformRequest } from '../../src/core/request.ts';
import { cardOf } from '../../src/slack/cards.ts';
import { allRequests, startWeek, type Week } from './week.ts';

const week = 7 * dayMs;

test.each([1, 4])('week %i: every card is its request, and every request has its card', async (seed) => {
  const lived = await startWeek(seed);
  await lived.live(week);
  await lived.calmDown();

  const requests = await allRequests(lived);
  const context = JSON.stringify({ seed, ...lived.done, requests: requests.length });
  expect(requests.length, context).toBeGreaterThan(100);
  for (const [what, happened] of Object.entries(kinds)) {
    expect(requests.filter(happened).length, `${what}; ${context}`).toBeGreaterThan(0);
  }
  const messages = await cardsIn(lived);
  for (const request of requests) {
    const own = messages.filter(({ about }) => about === request.id);
    if (!request.isShown) {
      expect(own, `${request.id} is shown to nobody; ${context}`).toEqual([]);
      continue;
    }
    const card = cardOf(request, lived.cards);
    expect(own, `${request.id} (${request.status}), ${context}`).toHaveLength(1);
    expect(own[0]?.text, request.id).toBe(card.text);
    expect(own[0]?.blocks, request.id).toEqual(plain(card.blocks));
    const posted = await lived.world.store.postedCard(request.id);
    expect(own[0]?.ts).toBe(posted?.ts);
    if (isEnded(request)) expect(JSON.stringify(own[0]?.blocks), request.id).not.toContain('card.approve');
  }
  expect(messages.filter(({ about }) => !requests.some(({ id }) => id === about))).toEqual([]);
});

/** A week without them would prove little of them. */
const kinds: Readonly<Record<string, (request: PlatformRequest) => boolean>> = {
  narrowed: ({ narrowed }) => narrowed !== undefined,
  'let through with a code': ({ reviews }) => reviews.some(({ factor }) => factor !== undefined),
  'glass broken': ({ glass }) => glass !== undefined,
  'glass looked at': ({ glass }) => glass?.reviewed !== undefined,
  moved: ({ moves }) => moves > 0,
  edited: ({ edits = 0 }) => edits > 0,
  expired: ({ status }) => status === 'expired',
  'over with its time': ({ retiredBy }) => retiredBy !== undefined,
};

const messageSchema = z.object({
  ts: z.string(),
  text: z.string(),
  blocks: z.array(z.unknown()).optional(),
  metadata: z.object({ event_payload: z.object({ request_id: z.string().optional() }) }).optional(),
});
const pageSchema = z.object({
  messages: z.array(messageSchema),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/** What is said of requests in both channels, threads left out. */
async function cardsIn({ client, world }: Week) {
  const found: { about: string; ts: string; text: string; blocks: unknown }[] = [];
  for (const channel of ['C0REQUESTS', 'C0DEPLOYS']) {
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      // History is asked once a minute.
      await world.clock.advance(60_000);
      const page = pageSchema.parse(
        await client.conversations.history({ channel, cursor, limit: 200, include_all_metadata: true }),
      );
      for (const { ts, text, blocks, metadata } of page.messages) {
        const about = metadata?.event_payload.request_id;
        if (about !== undefined) found.push({ about, ts, text, blocks: plain(blocks) });
      }
      cursor = page.response_metadata?.next_cursor || undefined;
    }
  }
  return found;
}

/** Without what Slack adds by itself: the ids of blocks that have none. */
function plain(blocks: unknown): unknown {
  return JSON.parse(JSON.stringify(blocks), (key, value) => (key === 'block_id' ? undefined : value));
}
