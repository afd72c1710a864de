/** The last page is sent: what it asks for is written down, or what is wrong is said where it can be mended. */
import { bypassMistake, bypassReasonMax, bypassReasonMin } from '../core/glass.ts';
import type { Problem } from '../core/problem.ts';
import { problem } from '../core/problem.ts';
import { answerMessage } from '../slack/answers.ts';
import { bypassReasonBlock } from '../slack/forms/bypass.ts';
import { inputOf } from '../slack/forms/further.ts';
import { fieldErrors, nameOfPath } from '../slack/forms/read-state.ts';
import { capitalised } from '../slack/words.ts';
import { type HandlerDeps, tellProblem } from './deps.ts';
import { keep, pageView } from './forms.ts';
import { type OpenForm, pagesIn } from './open-view.ts';
import { refusalView } from './refusal-view.ts';
import { tellOutcome } from './tell-outcome.ts';
import { mistakesIn, type PageAck } from './turn-page.ts';

export async function submitForm(deps: HandlerDeps, form: OpenForm, ack: PageAck): Promise<void> {
  const { draft, place, blocks } = form;
  if (draft.action.effect === 'read') return answerForm(deps, form, ack);
  const input = inputOf(draft.schema, draft.values);
  if (!input.ok) return refuseForm(deps, form, input.problem, ack);
  const mistake = draft.bypass && bypassMistake(draft.bypass);
  if (mistake !== undefined && blocks.some(({ block_id }) => block_id === bypassReasonBlock)) {
    const next = `Write from ${bypassReasonMin} to ${bypassReasonMax} characters.`;
    return ack({ response_action: 'errors', errors: { [bypassReasonBlock]: `${mistake} ${next}` } });
  }
  // Written before the ack, under the form's own key: submitted twice it is one request.
  const submitted = await deps.desk.submit({
    key: `form ${place.user} ${draft.metadata.draftId}`,
    action: draft.metadata.action,
    input: input.value,
    requester: draft.person,
    origin: { surface: 'modal', ...(place.channel === undefined ? {} : { channel: place.channel }) },
    ...(draft.bypass === undefined ? {} : { bypass: draft.bypass }),
  });
  if (!submitted.ok) return refuseForm(deps, form, submitted.problem, ack);
  await ack();
  const decided = await deps.desk.decide(submitted.value.id);
  if (!decided.ok) return tellProblem(deps, place, decided.problem);
  await tellOutcome(deps, place, decided.value);
}

/** A read asks the outside, which may take longer than Slack waits: only the schema speaks inside the ack. */
async function answerForm(deps: HandlerDeps, form: OpenForm, ack: PageAck): Promise<void> {
  const { draft, place } = form;
  const fields = mistakesIn(draft);
  if (Object.keys(fields).length > 0) {
    const wrong = problem('bad_input', 'Something is missing or wrong.', 'Mend it.', { fields });
    return refuseForm(deps, form, wrong, ack);
  }
  await ack();
  const input = inputOf(draft.schema, draft.values);
  if (!input.ok) return tellProblem(deps, place, input.problem);
  const question = { action: draft.metadata.action, input: input.value };
  const answer = await deps.desk.answer({
    ...question,
    key: '',
    requester: draft.person,
    origin: { surface: 'modal', ...(place.channel === undefined ? {} : { channel: place.channel }) },
  });
  if (!answer.ok) return tellProblem(deps, place, answer.problem);
  await deps.replies.privately(place, answerMessage(answer.value, question, { kind: 'private' }));
}

async function refuseForm(deps: HandlerDeps, form: OpenForm, cause: Problem, ack: PageAck): Promise<void> {
  const { draft, blocks } = form;
  const there = otherPageOf(form, cause);
  if (there !== undefined) {
    // Slack says mistakes only at inputs that are shown, so the page with the first of them is shown.
    await keep(deps, draft);
    const wrong = Object.entries(cause.fields ?? {}).map(([path, text]) => [
      nameOfPath(path),
      capitalised(text),
    ]);
    return ack({
      response_action: 'update',
      view: await pageView(deps, draft, there, Object.fromEntries(wrong)),
    });
  }
  const errors = fieldErrors(cause, blocks);
  if (errors) return ack({ response_action: 'errors', errors });
  // On top of the form, so that nothing typed is lost.
  return ack({ response_action: 'push', view: refusalView(deps, form.place, cause) });
}

/** The page with the first mistake, when there is none on the one that is shown. */
function otherPageOf(form: OpenForm, cause: Problem): number | undefined {
  const { pages, page } = pagesIn(form.draft);
  const names = Object.keys(cause.fields ?? {}).map(nameOfPath);
  const has = (one: (typeof pages)[number] | undefined) =>
    one?.some(({ name }) => names.includes(name)) ?? false;
  if (cause.code !== 'bad_input' || has(pages[page])) return undefined;
  const found = pages.findIndex(has);
  return found < 0 ? undefined : found;
}
