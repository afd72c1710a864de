/** What chat is told: the rows of the outbox, of the cards that are there, and of the lanes of its pace. */
import { z } from 'zod';
import { isNoticeByTime } from '../core/by-time.ts';
import { requestIdOf } from '../core/ids.ts';
import { noticeKinds, type PostedCard } from '../core/ports.ts';
import type { ChatLane, OutboxItem } from '../core/store.ts';
import { parsed } from './read-row.ts';

const cardRowSchema = z.object({
  channel: z.string().min(1),
  ts: z.string().min(1),
  shown_version: z.int().min(1),
});

export function readCard(row: unknown): PostedCard {
  const { channel, ts, shown_version } = parsed('a row of cards', cardRowSchema, row);
  return { channel, ts, shownVersion: shown_version };
}

const chatLaneSchema = z.object({
  name: z.string(),
  free_at: z.coerce.number(),
  paused_until: z.coerce.number(),
});

export function readChatLane(row: unknown): ChatLane {
  const { name, free_at, paused_until } = parsed('a row of chat_lanes', chatLaneSchema, row);
  return { name, freeAt: free_at, pausedUntil: paused_until };
}

const outboxRowSchema = z.object({
  id: z.int(),
  key: z.string(),
  request_number: z.int().min(1),
  kind: z.enum(['card', ...noticeKinds]),
  attempts: z.int().min(0),
  is_by_time: z.int(),
});

export function readOutboxItem(row: unknown): OutboxItem {
  const read = parsed('a row of the outbox', outboxRowSchema, row);
  const { id, key, request_number, kind, attempts } = read;
  const requestId = requestIdOf(request_number);
  if (kind === 'card') return { id, requestId, attempts, isByTime: read.is_by_time === 1 };
  return { id, requestId, attempts, isByTime: isNoticeByTime(kind), notice: { key, kind, requestId } };
}
