/** Slash commands: one for each that the actions name. */
import type { App } from '@slack/bolt';
import type { Action } from '../core/action.ts';
import { digestOf } from '../core/digest.ts';
import type { Bypass } from '../core/glass.ts';
import type { Person } from '../core/person.ts';
import { actionHelp, commandHelp } from '../slack/help.ts';
import { requestsCommand, slashCommands } from '../slack/manifest.ts';
import { answerPrivately } from './answering.ts';
import { admit, type HandlerDeps, permitted, tellProblem } from './deps.ts';
import { openEnrolment } from './enrolment.ts';
import { openForm } from './forms.ts';
import { type NamedAction, type ParsedCommand, parseCommand } from './parse-command.ts';
import { type Place, readPayload } from './payload.ts';
import { tellOutcome } from './tell-outcome.ts';
import { verbSlip } from './verb-slip.ts';
import { beganWatch } from './watches.ts';

export function registerCommands(app: App, deps: HandlerDeps): void {
  for (const [slash, group] of slashCommands(deps.actions)) {
    // That one has words of its own: requests-command.ts.
    if (slash !== requestsCommand) app.command(slash, ({ body, ack }) => onCommand(deps, group, body, ack));
  }
}

type CommandBody = { readonly command: string; readonly text: string; readonly trigger_id: string };

export async function onCommand(
  deps: HandlerDeps,
  group: readonly Action[],
  body: CommandBody,
  ack: () => Promise<void>,
): Promise<void> {
  const { place } = readPayload(body);
  if (!place) return;
  const asker = await admit(deps, place);
  if (!asker.ok) {
    await ack();
    return tellProblem(deps, place, asker.problem);
  }
  const person = asker.value;
  const allowed = permitted(deps, person, group);
  const parsed =
    body.text.trim() === ''
      ? emptyLine(allowed)
      : parseCommand(body.command, allowed, body.text, deps.desk.further);

  const slip =
    parsed.kind === 'help' ? undefined : await verbSlip(deps, person, body.command, allowed, body.text);
  if (slip) {
    await ack();
    return tellProblem(deps, place, slip);
  }
  switch (parsed.kind) {
    case 'help': {
      await ack();
      const actions = allowed.map((one) => one.action);
      if (parsed.about) {
        const { action, schema } = parsed.about;
        return deps.replies.privately(place, actionHelp(action, schema));
      }
      return deps.replies.privately(place, commandHelp(body.command, actions, parsed.preface));
    }
    case 'problem':
      await ack();
      return tellProblem(deps, place, parsed.problem);
    case 'form':
      await ack();
      return openForm(deps, { ...parsed, person, place, triggerId: body.trigger_id });
    case 'ask':
      return ask(deps, { ...parsed, person, place, triggerId: body.trigger_id }, ack);
  }
}

/** The command alone: what it asks for by itself, else its form when it is clear which. */
function emptyLine(allowed: readonly NamedAction[]): ParsedCommand {
  const bare = allowed.find(({ action }) => action.command.isBare);
  if (bare) return { kind: 'ask', action: bare.name, input: {} };
  const [only, ...others] = allowed;
  return only && others.length === 0 ? { kind: 'form', action: only.name, input: {} } : { kind: 'help' };
}

interface Asked {
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly person: Person;
  readonly place: Place;
  readonly triggerId: string;
  readonly bypass?: Bypass;
}

async function ask(deps: HandlerDeps, asked: Asked, ack: () => Promise<void>): Promise<void> {
  const order = {
    key: `command ${asked.place.user} ${digestOf(asked.triggerId)}`,
    action: asked.action,
    input: asked.input,
    requester: asked.person,
    ...(asked.bypass === undefined ? {} : { bypass: asked.bypass }),
    origin: {
      surface: 'command' as const,
      ...(asked.place.channel === undefined ? {} : { channel: asked.place.channel }),
    },
  };
  if (deps.actions.get(asked.action)?.effect === 'read') {
    await ack();
    const answer = await deps.desk.answer(order);
    if (!answer.ok) return tellProblem(deps, asked.place, answer.problem);
    if (answer.value.opens === 'enrolment') return openEnrolment(deps, asked);
    if (await beganWatch(deps, asked.place, asked.person, answer.value)) return;
    return answerPrivately(deps, asked.place, answer.value, asked);
  }
  // Written before the ack: what Slack shows as taken is never lost.
  const submitted = await deps.desk.submit(order);
  await ack();
  // A code is never typed into a line: Slack remembers lines.
  if (!submitted.ok && submitted.problem.code === 'code_needed') return openForm(deps, asked);
  if (!submitted.ok) return tellProblem(deps, asked.place, submitted.problem);
  const decided = await deps.desk.decide(submitted.value.id);
  if (!decided.ok) return tellProblem(deps, asked.place, decided.problem);
  await tellOutcome(deps, asked.place, decided.value);
}
