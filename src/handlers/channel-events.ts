/** A channel that begins or ends to be shared with another company: what is known of it is asked anew. */
import type { App } from '@slack/bolt';
import type { HandlerDeps } from './deps.ts';

export function registerChannelEvents(app: App, { guard, log }: HandlerDeps): void {
  for (const name of ['channel_shared', 'channel_unshared'] as const) {
    app.event(name, async ({ event }) => {
      guard.forget(event.channel);
      log.info({ channel: event.channel, event: name }, 'who reads along in a channel has changed');
    });
  }
}
