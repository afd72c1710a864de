/** What happens inside an open form: a field changes, a select asks for its options, a page is turned, it is submitted. */
import type { App, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { bypassAction } from '../slack/forms/bypass.ts';
import { type FormField, fieldsOf } from '../slack/forms/fields.ts';
import { backAction, formCallback } from '../slack/forms/form.ts';
import { everyFurtherField } from '../slack/forms/further.ts';
import { actionIdFor, formActionPrefix, optionOf, optionsOf } from '../slack/forms/inputs.ts';
import { maxOf } from '../slack/limits.ts';
import { withoutSecrets } from '../slack/without-secrets.ts';
import type { HandlerDeps } from './deps.ts';
import { keep, type OpenView, redraw } from './forms.ts';
import { type Draft, followingPresets, openFormOf, pagesIn } from './open-view.ts';
import { readPayload } from './payload.ts';
import { refusalView } from './refusal-view.ts';
import { submitForm } from './submit-form.ts';
import { turnPage } from './turn-page.ts';

const fieldAction = new RegExp(`^${formActionPrefix.replaceAll('.', '\\.')}`, 'u');

export function registerModals(app: App, deps: HandlerDeps): void {
  /** The newest change of each open form that is being drawn. */
  const newest = new Map<string, object>();

  async function draw(draft: Draft, view: Omit<OpenView, 'isNewest'>): Promise<void> {
    const change = {};
    newest.set(view.id, change);
    const isNewest = () => newest.get(view.id) === change;
    try {
      await redraw(deps, draft, { ...view, isNewest });
    } finally {
      if (isNewest()) newest.delete(view.id);
    }
  }

  app.action(fieldAction, async ({ body, ack }) => {
    await ack();
    const form = await openFormOf(deps, body);
    if (form.ok) await draw(followingPresets(form.value), form.value.view);
  });

  app.action(bypassAction, async ({ body, ack }) => {
    await ack();
    const form = await openFormOf(deps, body);
    if (form.ok) await draw(form.value.draft, form.value.view);
  });

  app.action(backAction, async ({ body, ack }) => {
    await ack();
    const form = await openFormOf(deps, body);
    if (!form.ok) return;
    const { draft, view } = form.value;
    // Kept as it is: what is wrong with it is said when the page is left forwards.
    const kept = await keep(deps, draft);
    if (!kept.ok) return;
    const page = Math.max(0, pagesIn(draft).page - 1);
    await draw({ ...draft, metadata: { ...draft.metadata, page } }, view);
  });

  app.options(fieldAction, async ({ body, ack }) => {
    const form = await openFormOf(deps, body);
    const found = form.ok ? await optionsFor(deps, form.value.draft, body) : [];
    await ack({ options: withoutSecrets(found.map(optionOf)) });
  });

  app.view<ViewSubmitAction>(formCallback, async ({ body, ack }) => {
    const form = await openFormOf(deps, body);
    if (!form.ok) {
      return ack({
        response_action: 'update',
        view: refusalView(deps, readPayload(body).place, form.problem),
      });
    }
    const { pages, page } = pagesIn(form.value.draft);
    if (page === pages.length - 1) return submitForm(deps, form.value, ack);
    const next = await turnPage(deps, form.value, ack);
    // The new page stands; its verdict, which asks the outside, comes after it.
    if (next) await draw(next, { id: form.value.view.id });
  });
}

const suggestionSchema = z.object({ action_id: z.string(), value: z.string().default('') });

async function optionsFor(deps: HandlerDeps, draft: Draft, body: unknown) {
  const { action_id, value } = suggestionSchema.parse(body);
  const fields: FormField[] = [
    ...fieldsOf(draft.action),
    ...(draft.schema ? everyFurtherField(draft.schema) : []),
  ];
  const field = fields.find((one) => actionIdFor(one.name) === action_id);
  if (field?.kind === 'enum') {
    const typed = value.trim().toLowerCase();
    const found = optionsOf(field).filter(({ label }) => label.toLowerCase().includes(typed));
    return found.slice(0, maxOf('selectOptions'));
  }
  if (field?.kind !== 'choice') return [];
  const choices = await deps.desk.choices(field.source, draft.person, draft.values, value);
  return choices.slice(0, maxOf('selectOptions'));
}
