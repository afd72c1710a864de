/** Slash commands: one for each that the actions name. */
import type { App } from '@slack/bolt';
import type { Action } from '../core/action.ts';
import { digestOf } from '../core/digest.ts';
import type { Bypass } from '../core/glass.ts';
import type { Person } from '../core/person.ts';
import type { SlackMessage } from '../slack/blocks.ts';
import { actionHelp, commandHelp } from '../slack/help.ts';
import { requestsCommand, slashCommands } from '../slack/manifest.ts';
import { answerPrivately } from './answering.ts';
import { admit, type HandlerDeps, permitted, tellProblem, withinMs } from './deps.ts';
import { openEnrolment } from './enrolment.ts';
import { openForm } from './forms.ts';
import { type NamedAction, type ParsedCommand, parseCommand } from './parse-command.ts';
import { type Place, readPayload } from './payload.ts';
import { outcomeWords, tellOutcome } from './tell-outcome.ts';
import { verbSlip } from './verb-slip.ts';
import { beganWatch } from './watches.ts';

export function registerCommands(app: App, deps: HandlerDeps): void {
  for (const [slash, group] of slashCommands(deps.actions)) {
    // That one has words of its own: requests-command.ts.
    if (slash !== requestsCommand) app.command(slash, ({ body, ack }) => onCommand(deps, group, body, ack));
  }
}

type AckCommand = (answer?: ReturnType<typeof inAck>) => Promise<void>;

type CommandBody = { readonly command: string; readonly text: string; readonly trigger_id: string };

export async function onCommand(
  deps: HandlerDeps,
  group: readonly Action[],
  body: CommandBody,
  ack: AckCommand,
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

async function ask(deps: HandlerDeps, asked: Asked, ack: AckCommand): Promise<void> {
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
  if (!submitted.ok) {
    await ack();
    // A code is never typed into a line: Slack remembers lines.
    if (submitted.problem.code === 'code_needed') return openForm(deps, asked);
    return tellProblem(deps, asked.place, submitted.problem);
  }
  const deciding = deps.desk.decide(submitted.value.id);
  const soon = await withinMs(deciding, answeredInAckMs);
  if (soon?.ok) return ack(inAck(await outcomeWords(deps, soon.value)));
  await ack();
  const decided = soon ?? (await deciding);
  if (!decided.ok) return tellProblem(deps, asked.place, decided.problem);
  await tellOutcome(deps, asked.place, decided.value);
}

/**
 * What is decided as soon as this is told with the acknowledgement itself: a call of its own costs Slack and us more
 * than all that comes before it. Well below the 3 s that Slack waits.
 */
const answeredInAckMs = 1_000;

function inAck(message: SlackMessage) {
  return { response_type: 'ephemeral' as const, ...message };
}
