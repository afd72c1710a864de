/** What people say to the bot: Bolt with its receivers, every handler, and what they answer with. */
import { type ClickKeeper, createClickKeeper } from '../background/click-keeper.ts';
import { askAgain } from '../background/watch-again.ts';
import { dayMs } from '../core/duration.ts';
import { mentionedServices } from '../core/mentioned-service.ts';
import { redactSecrets } from '../core/redact.ts';
import { hasActedSince } from '../desk/has-acted.ts';
import { registerHandlers } from '../handlers/register.ts';
import { createReplies } from '../handlers/replies.ts';
import { createSlackApp, type SlackApp } from '../handlers/slack-app.ts';
import { createTrail, type Trail } from '../handlers/trail.ts';
import { createFileSender } from '../slack/files.ts';
import { createWatches, type Watches } from '../slack/watches.ts';
import type { OpenDesk } from './open-desk.ts';
import type { Foundation } from './open-foundation.ts';
import type { OpenSlack } from './open-slack.ts';
import type { SlackOut } from './open-slack-out.ts';
import type { Opening } from './opening.ts';

export interface SlackIn {
  /** Not started yet: nothing can arrive. */
  readonly slack: SlackApp;
  readonly trail: Trail;
  readonly watches: Watches;
  readonly clicks: ClickKeeper;
}

/** How long a delivery's key is remembered: replays were seen for up to an hour (reference: Slack, retries). */
const deliveryKeptMs = dayMs;

export function openSlackIn(
  { settings, environment, end }: Opening,
  { actions, documents, store }: Foundation,
  { interactive, background, directory, guard, identity }: OpenSlack,
  { desk, context }: OpenDesk,
  { cards, homes, alerts, strays }: SlackOut,
): SlackIn {
  const { clock, scheduler, log, chance } = environment;
  const replies = createReplies({ ...settings.slack, client: interactive, log });
  const trail = createTrail({
    ...{ clock, scheduler, log, chance },
    // A person may have typed a password where none belongs.
    keep: (refusal) => store.addRefusal({ ...refusal, sentence: redactSecrets(refusal.sentence) }),
  });
  end.add('parts', 'refusals', () => trail.settled());
  const clicks = createClickKeeper({ store, clock, scheduler, log, keptMs: deliveryKeptMs });
  const slack = createSlackApp({
    ...settings.slack,
    ...{ identity, replies, trail, log },
    deliveries: { ...clicks, wasHandled: (key) => store.wasHandled(key) },
    hasActedSince: (...asked) => hasActedSince(store, ...asked),
  });
  const watches = createWatches({
    ...{ store, client: background, guard, clock, scheduler, chance, log },
    ask: (watch) => askAgain(watch, desk, directory),
    nameOf: async (id) => (await directory.person(id)).name,
  });
  registerHandlers(slack.app, {
    ...{ desk, actions, directory, codes: context.codes },
    ...{ cards, channels: settings.slack.channels, alerts, homes, strays, watches },
    ...{ client: interactive, guard, replies, trail, log, chance, rush: slack.ingress.rush },
    files: createFileSender(background, log),
    mentioned: (text) => mentionedServices(text, documents.catalog()),
  });
  return { slack, trail, watches, clicks };
}
