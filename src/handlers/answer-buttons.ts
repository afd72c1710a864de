/** Clicks on a private answer: ask again, show it to the channel, go on with the next command. */
import type { App } from '@slack/bolt';
import { z } from 'zod';
import type { Answer } from '../core/action.ts';
import type { Person } from '../core/person.ts';
import { ok, problem, type Result, refuse } from '../core/problem.ts';
import {
  answerActions,
  answerMessage,
  type Question,
  readQuestion,
  runActionPattern,
} from '../slack/answers.ts';
import { slashCommands } from '../slack/manifest.ts';
import { answerPrivately, giveAnswer } from './answering.ts';
import { admit, type HandlerDeps, permitted, tellProblem } from './deps.ts';
import { openForm } from './forms.ts';
import { parseCommand } from './parse-command.ts';
import { type Place, readPayload } from './payload.ts';

export function registerAnswerButtons(app: App, deps: HandlerDeps): void {
  app.action(answerActions.refresh, async ({ body, ack }) => {
    await ack();
    await onQuestion(deps, body, async ({ place, question, answer }) => {
      await answerPrivately(deps, place, answer, question, true);
    });
  });

  app.action(answerActions.show, async ({ body, ack }) => {
    await ack();
    await onQuestion(deps, body, async ({ place, person, question, answer }) => {
      if (answer.isPersonal) return tellProblem(deps, place, personal());
      // What is private to us does not become a note in a channel that another company reads.
      const refusal = place.channel === undefined ? undefined : await deps.guard.refusal(place.channel);
      if (refusal) return tellProblem(deps, place, refusal);
      const message = answerMessage(answer, question, { kind: 'channel', shownBy: person.name });
      if (!(await deps.replies.toChannel(place, message))) await tellProblem(deps, place, tooOld());
    });
  });

  app.action(runActionPattern, async ({ body, ack }) => {
    await ack();
    const { place, triggerId } = readPayload(body);
    if (!place) return;
    const asker = await admit(deps, place);
    if (!asker.ok) return tellProblem(deps, place, asker.problem);
    const [slash = '', text = ''] = splitOnce(clickValue(body) ?? '');
    const group = permitted(deps, asker.value, slashCommands(deps.actions).get(slash) ?? []);
    const parsed = parseCommand(slash, group, text, deps.desk.further);
    if (parsed.kind !== 'form' && parsed.kind !== 'ask') return tellProblem(deps, place, unknownLine());
    const { action, input } = parsed;
    if (parsed.kind === 'ask' && deps.actions.get(action)?.effect === 'read') {
      const asked = await askAgain(deps, place, { action, input });
      if (!asked.ok) return tellProblem(deps, place, asked.problem);
      const { person, answer } = asked.value;
      return giveAnswer(deps, { action, input, person, place, triggerId: triggerId ?? '' }, answer);
    }
    // What changes something only ever opens the form: nothing is asked for without the person having seen it.
    await openForm(deps, { ...parsed, person: asker.value, place, triggerId: triggerId ?? '' });
  });
}

interface Asked {
  readonly place: Place;
  readonly person: Person;
  readonly question: Question;
  readonly answer: Answer;
}

/** Asks the question of the button again, with the rights of whoever clicked. */
async function onQuestion(
  deps: HandlerDeps,
  body: unknown,
  handle: (asked: Asked) => Promise<void>,
): Promise<void> {
  const { place } = readPayload(body);
  if (!place) return;
  const asked = await askAgain(deps, place, readQuestion(clickValue(body)));
  if (!asked.ok) return tellProblem(deps, place, asked.problem);
  await handle(asked.value);
}

async function askAgain(
  deps: HandlerDeps,
  place: Place,
  question: Question | undefined,
): Promise<Result<Asked>> {
  const asker = await admit(deps, place);
  if (!asker.ok) return asker;
  if (!question) return refuse(unknownLine());
  const answer = await deps.desk.answer({
    key: '',
    ...question,
    requester: asker.value,
    origin: { surface: 'button', ...(place.channel === undefined ? {} : { channel: place.channel }) },
  });
  if (!answer.ok) return answer;
  return ok({ place, person: asker.value, question, answer: answer.value });
}

const clickSchema = z.object({ actions: z.tuple([z.object({ value: z.string().optional() })]) });

function clickValue(body: unknown): string | undefined {
  return clickSchema.safeParse(body).data?.actions[0].value;
}

function splitOnce(line: string): [string, string] {
  const space = line.indexOf(' ');
  return space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
}

/** Its answer has no such button; an older message, or a hand-made click, may. */
function personal() {
  return problem(
    'denied_by_policy',
    'This answer is for you alone and is not shown to a channel.',
    'Copy the lines that others need, after a look at what is in them.',
  );
}

function tooOld() {
  return problem('outside_refused', 'This answer is too old to be shown.', 'Ask again, then show that one.');
}

function unknownLine() {
  return problem(
    'unknown_action',
    'This button asks for something you may not ask for.',
    'Type the command with `help`.',
  );
}
