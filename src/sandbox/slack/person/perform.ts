/** One command of one person, carried out; the answer is what that person would see. */
import type { Outcome, PersonCommand } from '../../protocol.ts';
import type { SlackContext } from '../context.ts';
import { click, fill } from './elements.ts';
import { loadOptions } from './live-options.ts';
import { close, submit } from './modals.ts';
import { personNamed } from './person.ts';
import { Refusal } from './refusal.ts';
import { globalShortcut, messageShortcut, openHome } from './shortcuts.ts';
import { completeSlashCommand, runSlashCommand } from './slash.ts';
import { dismiss, dismissNotice, markRead, reactTo, say } from './talk.ts';

export async function perform(
  context: SlackContext,
  person: string,
  command: PersonCommand,
): Promise<Outcome> {
  try {
    return await carryOut(context, person, command);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      ok: false,
      error: error.code,
      message: error.message,
      ...(error.confirm ? { confirm: error.confirm } : {}),
    };
  }
}

async function carryOut(context: SlackContext, person: string, command: PersonCommand): Promise<Outcome> {
  const user = personNamed(context, person);
  switch (command.do) {
    case 'say':
      return say(context, user, command);
    case 'run':
      return runSlashCommand(context, user, command);
    case 'click':
      return click(context, user, command);
    case 'fill':
      return fill(context, user, command);
    case 'load-options':
      return loadOptions(context, user, command);
    case 'submit':
      return submit(context, user, command.modal);
    case 'close':
      return close(context, user, command.modal, command.all ?? false);
    case 'global-shortcut':
      return globalShortcut(context, user, command.callbackId);
    case 'message-shortcut':
      return messageShortcut(context, user, command);
    case 'open-home':
      return openHome(context, user);
    case 'react':
      return reactTo(context, user, command);
    case 'mark-read':
      return markRead(context, user, command);
    case 'complete':
      return { ok: true, commands: completeSlashCommand(context.app, command.line) };
    case 'dismiss':
      return dismiss(context, user, command);
    case 'dismiss-notice':
      return dismissNotice(context, user, command.id);
    default:
      return command satisfies never;
  }
}
