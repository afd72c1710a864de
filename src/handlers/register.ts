/** Every listener, registered once at the start: what is registered twice would be handled twice. */
import type { App } from '@slack/bolt';
import { registerAnswerButtons } from './answer-buttons.ts';
import { registerAskAgain } from './ask-again.ts';
import { registerButtons } from './buttons.ts';
import { registerChannelEvents } from './channel-events.ts';
import { registerCommands } from './commands.ts';
import type { HandlerDeps } from './deps.ts';
import { registerEnrolment } from './enrolment.ts';
import { registerGlassButtons } from './glass-buttons.ts';
import { registerHome } from './home.ts';
import { registerLeavers } from './leavers.ts';
import { registerLockButtons } from './lock-buttons.ts';
import { registerModals } from './modals.ts';
import { registerRequestsCommand } from './requests-command.ts';
import { registerReviewButtons } from './review-buttons.ts';
import { registerShortcuts } from './shortcuts.ts';
import { registerWatches } from './watches.ts';

export type { HandlerDeps } from './deps.ts';

export function registerHandlers(app: App, deps: HandlerDeps): void {
  registerCommands(app, deps);
  registerRequestsCommand(app, deps);
  registerModals(app, deps);
  registerButtons(app, deps);
  registerAskAgain(app, deps);
  registerReviewButtons(app, deps);
  registerAnswerButtons(app, deps);
  registerWatches(app, deps);
  registerShortcuts(app, deps);
  registerLockButtons(app, deps);
  registerGlassButtons(app, deps);
  registerEnrolment(app, deps);
  registerLeavers(app, deps);
  registerHome(app, deps);
  registerChannelEvents(app, deps);
  // What a listener throws goes up to the ingress, which answers the person and logs it; Bolt's own handler would
  // print it as it is.
  app.error(async (error) => {
    throw error;
  });
}
