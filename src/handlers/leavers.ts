/** Slack says that something about somebody has changed. */
import type { App } from '@slack/bolt';
import { z } from 'zod';
import { personIdSchema } from '../core/ids.ts';
import type { HandlerDeps } from './deps.ts';

/** `deleted` is a hint to look, and no more: who somebody is comes from the directory. */
const eventSchema = z.object({ user: z.object({ id: personIdSchema, deleted: z.boolean().optional() }) });

export function registerLeavers(app: App, deps: HandlerDeps): void {
  app.event('user_change', async ({ event }) => {
    const changed = eventSchema.safeParse(event);
    if (!changed.success) return;
    const { id, deleted } = changed.data.user;
    deps.directory.forget(id);
    // Every new status line is such an event, too: only this one is worth a question.
    if (deleted) await deps.desk.lookAfterLeaver(id);
  });
}
