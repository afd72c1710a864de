/** Slash commands: one for each that the actions name. */
import type { App } from '@slack/bolt';
import type { Action } from '../core/action.ts';
import { digestOf } from '../core/digest.ts';
import type { Bypass } from '../core/glass.ts';
import type { Person } from '../core/person.ts';
import type { Problem } from '../core/problem.ts';
import type { SlackMessage } from '../slack/blocks.ts';
import { actionHelp, commandHelp } from '../slack/help.ts';
import { requestsCommand, slashCommands } from '../slack/manifest.ts';
import { problemMessage } from '../slack/notices.ts';
import { giveAnswer } from './answering.ts';
import { admit, attemptAt, type HandlerDeps, permitted, tellProblem, withinMs } from './deps.ts';
import { openForm } from './forms.ts';
import { type NamedAction, type ParsedCommand, parseCommand } from './parse-command.ts';
import { type Place, readPayload } from './payload.ts';
import { answeredInAckMs, outcomeWords, tellDecided } from './tell-outcome.ts';
import { verbSlip } from './verb-slip.ts';

export function registerCommands(app: App, deps: HandlerDeps): void {
  for (const [slash, group] of slashCommands(deps.actions)) {
    // That one has words of its own: requests-command.ts.
    if (slash === requestsCommand) continue;
    app.command(slash, ({ body, ack, context }) => onCommand(deps, group, body, ack, wasHandled(context)));
  }
}

type AckCommand = (answer?: ReturnType<typeof inAck>) => Promise<void>;

type CommandBody = { readonly command: string; readonly text: string; readonly trigger_id: string };

export async function onCommand(
  deps: HandlerDeps,
  group: readonly Action[],
  body: CommandBody,
  ack: AckCommand,
  wasHandledBefore: boolean,
): Promise<void> {
  const { place } = readPayload(body);
  if (!place) return;
  const asker = await admit(deps, place);
  if (!asker.ok) return ack(refused(deps, place, asker.problem));
  const person = asker.value;
  const allowed = permitted(deps, person, group);
  const parsed =
    body.text.trim() === ''
      ? emptyLine(allowed)
      : parseCommand(body.command, allowed, body.text, deps.desk.further);

  const slip =
    parsed.kind === 'help' ? undefined : await verbSlip(deps, person, body.command, allowed, body.text);
  // Left alone but for what writes a request, which is the same one however often it is asked for.
  if (wasHandledBefore && (slip || !isWrite(deps, parsed))) return ack();
  if (slip) return ack(refused(deps, place, slip));
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
      return ack(refused(deps, place, parsed.problem));
    case 'form':
      await ack();
      return openForm(deps, { ...parsed, person, place, triggerId: body.trigger_id });
    case 'ask':
      return ask(deps, { ...parsed, person, place, triggerId: body.trigger_id }, ack);
  }
}

/** Whether it was handled before, and came again (ingress.ts). */
export function wasHandled(context: Readonly<Record<string, unknown>>): boolean {
  return context.wasHandled === true;
}

function isWrite({ actions }: HandlerDeps, parsed: ParsedCommand): boolean {
  return parsed.kind === 'ask' && actions.get(parsed.action)?.effect !== 'read';
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
  if (!isWrite(deps, { kind: 'ask', ...asked })) {
    await ack();
    const answer = await deps.desk.answer(order);
    if (!answer.ok) return tellProblem(deps, asked.place, answer.problem);
    return giveAnswer(deps, asked, answer.value);
  }
  // Written before the ack: what Slack shows as taken is never lost.
  const submitted = await deps.desk.submit(order);
  if (!submitted.ok) {
    if (submitted.problem.code !== 'code_needed') return ack(refused(deps, asked.place, submitted.problem));
    // A code is never typed into a line: Slack remembers lines.
    await ack();
    return openForm(deps, asked);
  }
  const { id } = submitted.value;
  // Judged first, others who ask at this moment would wait for their acknowledgement longer than Slack does.
  if (deps.rush.isOn()) {
    await ack();
    return deps.rush.afterwards(async () => tellDecided(deps, asked.place, await deps.desk.decide(id)));
  }
  const deciding = deps.desk.decide(id);
  const soon = await withinMs(deciding, answeredInAckMs);
  if (soon?.ok) return ack(inAck(await outcomeWords(deps, soon.value)));
  await ack();
  await tellDecided(deps, asked.place, soon ?? (await deciding));
}

/** With the acknowledgement itself: a process that ends after it could not say any more that nothing was taken. */
export function refused(deps: HandlerDeps, place: Place, cause: Problem) {
  return inAck(problemMessage(cause, deps.trail.refused(attemptAt(place), cause)));
}

function inAck(message: SlackMessage) {
  return { response_type: 'ephemeral' as const, ...message };
}
