/** A page of a form is left forwards: its own mistakes are said on it, what it says is kept, the next one is shown. */
import type { ModalView } from '@slack/types';
import { mistakeWords } from '../core/input-mistakes.ts';
import { problem } from '../core/problem.ts';
import { saysVerdict } from '../slack/forms/form.ts';
import { atFurtherFields, inputOf } from '../slack/forms/further.ts';
import { fieldErrors, nameOfPath } from '../slack/forms/read-state.ts';
import type { HandlerDeps } from './deps.ts';
import { keep, pageView } from './forms.ts';
import { type Draft, type OpenForm, pagesIn } from './open-view.ts';
import { refusalView } from './refusal-view.ts';

export type PageAck = (
  response?:
    | { response_action: 'errors'; errors: Record<string, string> }
    | { response_action: 'update' | 'push'; view: ModalView },
) => Promise<void>;

/** The form at its next page, when that one has yet to say what the guardrails say. */
export async function turnPage(deps: HandlerDeps, form: OpenForm, ack: PageAck): Promise<Draft | undefined> {
  const { draft, blocks } = form;
  const { pages, page } = pagesIn(draft);
  const names = new Set(pages[page]?.map(({ name }) => name));
  const mistakes = Object.entries(mistakesIn(draft)).filter(([path]) => names.has(nameOfPath(path)));
  if (mistakes.length > 0) {
    const wrong = problem('bad_input', 'Something is missing or wrong.', 'Mend it.', {
      fields: Object.fromEntries(mistakes),
    });
    await ack({ response_action: 'errors', errors: fieldErrors(wrong, blocks) ?? {} });
    return undefined;
  }
  const kept = await keep(deps, draft);
  if (!kept.ok) {
    await ack({
      response_action: 'update',
      view: refusalView(deps, form.place, kept.problem),
    });
    return undefined;
  }
  const next = page + 1;
  await ack({ response_action: 'update', view: await pageView(deps, draft, next) });
  const isLast = next === pages.length - 1;
  return saysVerdict(pages[next] ?? [], isLast)
    ? { ...draft, metadata: { ...draft.metadata, page: next } }
    : undefined;
}

/** By field, of all pages: whoever asks takes those that can be mended where they are. */
export function mistakesIn({ action, schema, values }: Draft): Readonly<Record<string, string>> {
  const input = inputOf(schema, values);
  if (!input.ok) return input.problem.fields ?? {};
  const parsed = action.input.safeParse(input.value);
  const own = (parsed.error?.issues ?? []).map((one) => [one.path.join('.'), mistakeWords(one)] as const);
  const { values: further } = input.value;
  const checked = schema?.check(typeof further === 'object' && further !== null ? { ...further } : {});
  const below = checked && !checked.ok ? atFurtherFields(checked.problem).fields : {};
  return { ...Object.fromEntries(own), ...below };
}
