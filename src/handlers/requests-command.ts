/** `/requests`: mine and those that wait for me; with an id, one with its whole history. */
import type { App } from '@slack/bolt';
import { readRequestId } from '../core/ids.ts';
import { didYouMean } from '../core/text.ts';
import { requestsHelp } from '../slack/help.ts';
import { historyMessage } from '../slack/history.ts';
import { overviewMessage } from '../slack/lists.ts';
import { requestsCommand } from '../slack/manifest.ts';
import { admit, type HandlerDeps, tellProblem } from './deps.ts';
import { readLine } from './line.ts';
import { readPayload } from './payload.ts';

export function registerRequestsCommand(app: App, deps: HandlerDeps): void {
  app.command(requestsCommand, async ({ body, ack }) => {
    await ack();
    const { place } = readPayload(body);
    if (!place) return;
    const asker = await admit(deps, place);
    if (!asker.ok) return tellProblem(deps, place, asker.problem);

    const word = readLine(body.text).words[0]?.text;
    if (word === undefined) {
      const overview = await deps.desk.overview(asker.value);
      return deps.replies.privately(place, overviewMessage(overview, deps.actions));
    }
    const id = readRequestId(word);
    if (id === undefined) return deps.replies.privately(place, requestsHelp(preface(word)));
    const seen = await deps.desk.view(id, asker.value);
    if (!seen.ok) return tellProblem(deps, place, seen.problem);
    const { request, history } = seen.value;
    await deps.replies.privately(place, historyMessage(request, history, deps.cards));
  });
}

function preface(word: string): string | undefined {
  if (['help', '?', '-h'].includes(word.toLowerCase())) return undefined;
  return `"${word.slice(0, 50)}" is not a request's name.${didYouMean(word, ['help'])}`;
}
