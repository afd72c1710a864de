/** What is wrong with a form that was sent, said where it can be mended. */
import type { Problem } from '../core/problem.ts';
import { fieldErrors, nameOfPath } from '../slack/forms/read-state.ts';
import { capitalised } from '../slack/words.ts';
import type { HandlerDeps } from './deps.ts';
import { keep, pageView } from './forms.ts';
import { type OpenForm, pagesIn } from './open-view.ts';
import { refusalView } from './refusal-view.ts';
import type { PageAck } from './turn-page.ts';

export async function refuseForm(
  deps: HandlerDeps,
  form: OpenForm,
  cause: Problem,
  ack: PageAck,
): Promise<void> {
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
