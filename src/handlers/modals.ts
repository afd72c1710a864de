/** What happens inside an open form: a field changes, a select asks for its options, it is submitted. */
import type { App, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { ok, type Problem, problem, type Result, refuse } from '../core/problem.ts';
import { answerMessage } from '../slack/answers.ts';
import { fieldsOf } from '../slack/forms/fields.ts';
import { formCallback, messageView } from '../slack/forms/form.ts';
import { formActionPrefix, optionOf } from '../slack/forms/inputs.ts';
import { readFormMetadata } from '../slack/forms/metadata.ts';
import { fieldErrors, readInput, viewStateSchema } from '../slack/forms/read-state.ts';
import { maxOf } from '../slack/limits.ts';
import { problemMessage } from '../slack/notices.ts';
import { outcomeMessage } from '../slack/outcome.ts';
import { admit, type HandlerDeps, tellProblem } from './deps.ts';
import { type Draft, redraw } from './forms.ts';
import { type Place, readPayload } from './payload.ts';

const fieldAction = new RegExp(`^${formActionPrefix.replaceAll('.', '\\.')}`, 'u');

export function registerModals(app: App, deps: HandlerDeps): void {
  /** The newest change of each open form that is being drawn. */
  const newest = new Map<string, object>();

  app.action(fieldAction, async ({ body, ack }) => {
    await ack();
    const form = await openFormOf(deps, body);
    if (!form.ok) return;
    const { draft, view } = form.value;
    const change = {};
    newest.set(view.id, change);
    const isNewest = () => newest.get(view.id) === change;
    try {
      await redraw(deps, draft, { ...view, isNewest });
    } finally {
      if (isNewest()) newest.delete(view.id);
    }
  });

  app.options(fieldAction, async ({ body, ack }) => {
    const form = await openFormOf(deps, body);
    const found = form.ok ? await optionsFor(deps, form.value.draft, body) : [];
    await ack({ options: found.map(optionOf) });
  });

  app.view<ViewSubmitAction>(formCallback, async ({ body, ack }) => {
    const form = await openFormOf(deps, body);
    if (!form.ok) {
      const { reference, message } = refusalView(deps, form.problem);
      deps.log.info(
        { reference, code: form.problem.code, detail: form.problem.detail },
        'a form was refused',
      );
      return ack({ response_action: 'update', view: messageView('Not taken', message.blocks) });
    }
    const { draft, place, blocks } = form.value;
    if (draft.action.effect === 'read') return answerForm(deps, form.value, ack);
    // Written before the ack, under the form's own key: submitted twice it is one request.
    const submitted = await deps.desk.submit({
      key: `form ${place.user} ${draft.metadata.draftId}`,
      action: draft.metadata.action,
      input: draft.values,
      requester: draft.person,
      origin: { surface: 'modal', ...(place.channel === undefined ? {} : { channel: place.channel }) },
    });
    if (!submitted.ok) {
      const errors = fieldErrors(submitted.problem, blocks);
      if (errors) return ack({ response_action: 'errors', errors });
      const { reference, message } = refusalView(deps, submitted.problem);
      deps.log.info(
        { reference, code: submitted.problem.code, detail: submitted.problem.detail },
        'a form was refused',
      );
      // On top of the form, so that nothing typed is lost.
      return ack({ response_action: 'push', view: messageView('Not taken', message.blocks) });
    }
    await ack();
    const decided = await deps.desk.decide(submitted.value.id);
    if (!decided.ok) return tellProblem(deps, place, decided.problem);
    const request = decided.value;
    await deps.replies.privately(place, outcomeMessage(request, deps.cards, deps.channels[request.channel]));
  });
}

type SubmissionAck = (response?: {
  response_action: 'errors';
  errors: Record<string, string>;
}) => Promise<void>;

/** A read asks the outside, which may take longer than Slack waits: only the schema speaks inside the ack. */
async function answerForm(deps: HandlerDeps, form: OpenForm, ack: SubmissionAck): Promise<void> {
  const { draft, place, blocks } = form;
  const checked = draft.action.input.safeParse(draft.values);
  if (!checked.success) {
    const fields = Object.fromEntries(checked.error.issues.map((one) => [one.path.join('.'), one.message]));
    const wrong = problem('bad_input', 'Something is missing or wrong.', 'Mend it.', { fields });
    return ack({ response_action: 'errors', errors: fieldErrors(wrong, blocks) ?? {} });
  }
  await ack();
  const question = { action: draft.metadata.action, input: draft.values };
  const answer = await deps.desk.answer({
    ...question,
    key: '',
    requester: draft.person,
    origin: { surface: 'modal', ...(place.channel === undefined ? {} : { channel: place.channel }) },
  });
  if (!answer.ok) return tellProblem(deps, place, answer.problem);
  await deps.replies.privately(place, answerMessage(answer.value, question, { kind: 'private' }));
}

const openViewSchema = z.object({
  view: z.object({
    id: z.string(),
    hash: z.string(),
    private_metadata: z.string(),
    state: viewStateSchema,
    blocks: z.array(z.looseObject({ type: z.string(), block_id: z.string().optional() })),
  }),
});

interface OpenForm {
  readonly draft: Draft;
  readonly view: { readonly id: string; readonly hash: string };
  readonly place: Place;
  readonly blocks: z.infer<typeof openViewSchema>['view']['blocks'];
}

/** Everything a form carries comes back through Slack, so all of it is read anew, and the person is asked for again. */
async function openFormOf(deps: HandlerDeps, body: unknown): Promise<Result<OpenForm>> {
  const { place: from } = readPayload(body);
  const parsed = openViewSchema.safeParse(body);
  const metadata = parsed.success ? readFormMetadata(parsed.data.view.private_metadata) : undefined;
  const action = metadata && deps.actions.get(metadata.action);
  if (!from || !parsed.success || !metadata || !action) return refuse(unreadableForm());
  const place: Place = { user: from.user, channel: metadata.channel, responseUrl: undefined };
  const asker = await admit(deps, place);
  if (!asker.ok) return asker;
  const { id, hash, state, blocks } = parsed.data.view;
  const draft: Draft = { action, metadata, person: asker.value, values: readInput(action, state) };
  return ok({ draft, view: { id, hash }, place, blocks });
}

const suggestionSchema = z.object({ action_id: z.string(), value: z.string().default('') });

async function optionsFor(deps: HandlerDeps, draft: Draft, body: unknown) {
  const { action_id, value } = suggestionSchema.parse(body);
  const field = fieldsOf(draft.action).find((one) => `${formActionPrefix}${one.name}` === action_id);
  if (field?.kind !== 'choice') return [];
  const choices = await deps.desk.choices(field.source, draft.person, draft.values, value);
  return choices.slice(0, maxOf('selectOptions'));
}

function refusalView(deps: HandlerDeps, cause: Problem) {
  const reference = deps.chance.reference();
  return { reference, message: problemMessage(cause, reference) };
}

function unreadableForm(): Problem {
  return problem('bad_input', 'This form cannot be read.', 'Close it and type the command again.');
}
