/**
 * What is kept of a click before it is acknowledged: as much as its handlers read, and no secret (the address for an answer).
 * Only of those that change something by themselves: what looks, or opens a form, is clicked again.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { answerActions } from '../slack/answers.ts';
import { menuEntries } from '../slack/cards/answer-menu.ts';
import { cardActions } from '../slack/cards/buttons.ts';
import { glassActions } from '../slack/glass-notices.ts';
import { lockActions } from '../slack/lock-notices.ts';

const changing: ReadonlySet<string> = new Set([
  ...[cardActions.approve, cardActions.goBack],
  ...[lockActions.release, lockActions.keep, glassActions.review, answerActions.stop],
]);

/** The other entries of a card's menu open a form. */
const changingEntries = [menuEntries.withdraw, menuEntries.cancel].map((entry) => `${entry} `);

const id = z.object({ id: z.string() });

const actionSchema = z
  .object({
    type: z.string().optional(),
    action_id: z.string(),
    block_id: z.string().optional(),
    action_ts: z.string().optional(),
    value: z.string().optional(),
    selected_option: z.object({ value: z.string() }).nullish(),
  })
  .refine(({ action_id, selected_option }) =>
    action_id === cardActions.more
      ? changingEntries.some((entry) => selected_option?.value.startsWith(entry))
      : changing.has(action_id),
  );

const keptSchema = z.object({
  type: z.literal('block_actions'),
  api_app_id: z.string().optional(),
  team: id.nullish(),
  enterprise: id.nullish(),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  channel: id.optional(),
  container: z
    .object({ type: z.string(), channel_id: z.string().optional(), message_ts: z.string().optional() })
    .optional(),
  trigger_id: z.string().optional(),
  message: z.object({ metadata: z.unknown().optional() }).optional(),
  view: z.object({ id: z.string(), type: z.literal('home') }).optional(),
  actions: z.tuple([actionSchema]),
});

/** JSON; `undefined` for all that need not be kept. */
export function keptClickOf(body: unknown): string | undefined {
  const kept = keptSchema.safeParse(body);
  return kept.success ? JSON.stringify(kept.data) : undefined;
}

/** As it may lie in the database: whoever can write there must not be able to click for others. */
export function sealClick(key: string, click: string, secret: string): string {
  return `${markOf(key, click, secret).toString('hex')} ${click}`;
}

/** @throws Error when it is not what `sealClick` gave for this key, with this secret. */
export function openClick(key: string, sealed: string, secret: string): Record<string, unknown> {
  const [mark = ''] = sealed.split(' ', 1);
  const click = sealed.slice(mark.length + 1);
  const expected = markOf(key, click, secret);
  const given = Buffer.from(mark, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new Error('a kept click is not as it was written, or of a time with another token');
  return keptSchema.parse(JSON.parse(click));
}

function markOf(key: string, click: string, secret: string): Buffer {
  return createHmac('sha256', secret)
    .update(JSON.stringify([key, click]))
    .digest();
}
