/**
 * What is kept of a click before it is acknowledged: as much as its handlers read, and nothing that is a secret (the address
 * for an answer) or of a form that is still being filled in.
 */
import { z } from 'zod';

const id = z.object({ id: z.string() });

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
  // Of a form nothing is kept: it is there until it is sent.
  view: z.object({ id: z.string(), type: z.literal('home') }).optional(),
  actions: z.array(
    z.object({
      type: z.string().optional(),
      action_id: z.string(),
      block_id: z.string().optional(),
      action_ts: z.string().optional(),
      value: z.string().optional(),
      selected_option: z.object({ value: z.string() }).nullish(),
    }),
  ),
});

/** JSON; `undefined` for what is no click on a message or on somebody's Home. */
export function keptClickOf(body: unknown): string | undefined {
  const kept = keptSchema.safeParse(body);
  return kept.success ? JSON.stringify(kept.data) : undefined;
}

/** @throws Error when it is not what `keptClickOf` gave. */
export function readKeptClick(text: string): Record<string, unknown> {
  return keptSchema.parse(JSON.parse(text));
}
