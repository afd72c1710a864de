/** `/requests`: mine and those that wait for me; with an id, one with its whole history. */
import type { App } from '@slack/bolt';
import { type RequestId, readRequestId } from '../core/ids.ts';
import type { Person } from '../core/person.ts';
import { didYouMean } from '../core/text.ts';
import { requestsHelp } from '../slack/help.ts';
import { historyMessage } from '../slack/history.ts';
import { overviewMessage } from '../slack/lists.ts';
import { requestsCommand, slashCommands } from '../slack/manifest.ts';
import { onCommand, refused, wasHandled } from './commands.ts';
import { admit, type HandlerDeps, tellProblem } from './deps.ts';
import { openEdit } from './edit-form.ts';
import { type Line, readLine } from './line.ts';
import { readPayload } from './payload.ts';

export function registerRequestsCommand(app: App, deps: HandlerDeps): void {
  app.command(requestsCommand, async ({ body, ack, context }) => {
    const line = readLine(body.text);
    const group = slashCommands(deps.actions).get(requestsCommand) ?? [];
    const verb = line.words[0]?.text.toLowerCase();
    if (group.some(({ command }) => command.verb === verb)) {
      return onCommand(deps, group, body, ack, wasHandled(context));
    }
    const { place } = readPayload(body);
    if (wasHandled(context) || !place) return ack();
    const asker = await admit(deps, place);
    if (!asker.ok) return ack(refused(deps, place, asker.problem));

    const looked = lookedAt(line);
    if (looked) {
      const reviewed = await deps.desk.reviewGlass(looked.id, asker.value, looked.note);
      if (!reviewed.ok) return ack(refused(deps, place, reviewed.problem));
      // Written before the ack, as all that is asked for.
      await ack();
      const { request, history } = (await viewOf(deps, looked.id, asker.value)) ?? {
        request: reviewed.value,
        history: [],
      };
      return deps.replies.privately(place, historyMessage(request, history, deps.cards));
    }
    await ack();
    const edited = idAfter('edit', line);
    if (edited) {
      const refusal = await openEdit(deps, {
        ...{ id: edited, person: asker.value, place, triggerId: body.trigger_id },
      });
      return refusal && tellProblem(deps, place, refusal);
    }
    const word = line.words[0]?.text;
    if (word === undefined) {
      const overview = await deps.desk.overview(asker.value);
      return deps.replies.privately(place, overviewMessage(overview, deps.cards));
    }
    const id = readRequestId(word);
    if (id === undefined) return deps.replies.privately(place, requestsHelp(preface(word)));
    const seen = await deps.desk.view(id, asker.value);
    if (!seen.ok) return tellProblem(deps, place, seen.problem);
    const { request, history } = seen.value;
    await deps.replies.privately(place, historyMessage(request, history, deps.cards));
  });
}

/** `edit REQ-12`. */
function idAfter(verb: string, { words }: Line): RequestId | undefined {
  const [first, named] = words.map(({ text }) => text);
  return first?.toLowerCase() === verb ? readRequestId(named ?? '') : undefined;
}

/** `review REQ-12 it was right`: somebody else's emergency has been looked at. */
function lookedAt({ words }: Line): { id: RequestId; note: string } | undefined {
  const [verb, named, ...note] = words.map(({ text }) => text);
  const id = verb?.toLowerCase() === 'review' ? readRequestId(named ?? '') : undefined;
  return id && { id, note: note.join(' ') };
}

async function viewOf(deps: HandlerDeps, id: RequestId, person: Person) {
  const seen = await deps.desk.view(id, person);
  return seen.ok ? seen.value : undefined;
}

function preface(word: string): string | undefined {
  if (['help', '?', '-h'].includes(word.toLowerCase())) return undefined;
  return `"${word.slice(0, 50)}" is not a request's name.${didYouMean(word, ['help'])}`;
}
