/** An open form as it comes back from Slack: everything in it is read anew, and whose it is asked again. */
import { z } from 'zod';
import type { Action } from '../core/action.ts';
import type { Bypass } from '../core/glass.ts';
import type { InputSchema } from '../core/input-schema.ts';
import type { Person } from '../core/person.ts';
import { ok, problem, type Result, refuse } from '../core/problem.ts';
import { carried, readBypass } from '../slack/forms/bypass.ts';
import { typedCode } from '../slack/forms/code-input.ts';
import { type FormField, fieldsOf } from '../slack/forms/fields.ts';
import { pageOf } from '../slack/forms/form.ts';
import { everyFurtherField, type FormValues, fieldsFor } from '../slack/forms/further.ts';
import { blocksOfSchema, isUntouched } from '../slack/forms/inputs.ts';
import { type FormMetadata, readFormMetadata } from '../slack/forms/metadata.ts';
import { pagesOf } from '../slack/forms/pages.ts';
import { readFields, shownFields, viewStateSchema } from '../slack/forms/read-state.ts';
import { admit, type HandlerDeps } from './deps.ts';
import { type Place, readPayload } from './payload.ts';

/** A form with what is filled in, on all its pages. */
export interface Draft {
  readonly action: Action;
  /** What is asked for beside the action's own fields, as these are answered now. */
  readonly schema: InputSchema | undefined;
  readonly metadata: FormMetadata;
  readonly person: Person;
  readonly values: FormValues;
  /** With what it asks not to wait, as it was typed. */
  readonly bypass: Bypass | undefined;
}

export interface OpenForm {
  readonly draft: Draft;
  readonly view: { readonly id: string; readonly hash: string };
  readonly place: Place;
  readonly triggerId: string;
  readonly blocks: z.infer<typeof openViewSchema>['view']['blocks'];
  /** Typed for an emergency that wants a second factor; carried nowhere. */
  readonly code: string | undefined;
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

export async function openFormOf(deps: HandlerDeps, body: unknown): Promise<Result<OpenForm>> {
  const { place: from, triggerId = '' } = readPayload(body);
  const parsed = openViewSchema.safeParse(body);
  const metadata = parsed.success ? readFormMetadata(parsed.data.view.private_metadata) : undefined;
  const action = metadata && deps.actions.get(metadata.action);
  if (!from || !parsed.success || !metadata || !action) return refuse(unreadableForm());
  const bypass = readBypass(parsed.data.view.state, metadata.bypass);
  if (bypass === 'unreadable') return refuse(unreadableForm());
  const place: Place = { ...from, channel: metadata.channel, responseUrl: undefined };
  const asker = await admit(deps, place);
  if (!asker.ok) return asker;
  const { id, hash, state, blocks } = parsed.data.view;
  const kept =
    metadata.page === undefined ? ok(undefined) : await deps.desk.loadDraft(metadata.draftId, asker.value);
  if (!kept.ok) return kept;

  const own = withPage(kept.value ?? {}, fieldsOf(action), state);
  const schema = furtherOf(deps, metadata.action, action, own);
  // What was typed for another blueprint is no answer to this one's questions.
  const ours = { values: blocksOfSchema(state.values, schema?.digest) };
  const values = schema ? withPage(own, furtherFields(schema, own, action), ours) : own;
  return ok({
    draft: { action, schema, metadata: withBypass(metadata, bypass), bypass, person: asker.value, values },
    view: { id, hash },
    place,
    triggerId,
    blocks,
    code: typedCode(state),
  });
}

function withBypass(
  { bypass: _before, ...metadata }: FormMetadata,
  bypass: Bypass | undefined,
): FormMetadata {
  return bypass ? { ...metadata, bypass: carried(bypass) } : metadata;
}

/** Without what nobody has touched: another blueprint brings its own size. */
export function followingPresets({ draft, blocks }: OpenForm): Draft {
  const isShownSo = (name: string, value: unknown) =>
    blocks.some(({ block_id = '' }) => isUntouched(block_id, name, value));
  const touched = Object.entries(draft.values).filter(([name, value]) => !isShownSo(name, value));
  return { ...draft, values: Object.fromEntries(touched) };
}

/** What an action asks for beside its own fields, their defaults counted. */
export function furtherOf(
  deps: HandlerDeps,
  name: string,
  action: Action,
  values: FormValues,
): InputSchema | undefined {
  if (!action.further) return undefined;
  return deps.desk.further(name, withDefaults(action, values));
}

export function withDefaults(action: Action, values: FormValues): FormValues {
  const defaults = fieldsOf(action).map((field) => [field.name, field.defaultValue] as const);
  return { ...Object.fromEntries(defaults.filter(([, value]) => value !== undefined)), ...values };
}

/** The pages as they are for the values, and which one is shown. */
export function pagesIn(draft: Draft): { pages: readonly (readonly FormField[])[]; page: number } {
  const pages = pagesOf(fieldsFor(draft.action, draft.schema, draft.values));
  return { pages, page: pageOf(draft.metadata, pages.length) };
}

/** What a page says replaces what was kept of its fields, also where it says nothing any more. */
function withPage(
  kept: FormValues,
  fields: readonly FormField[],
  state: Parameters<typeof readFields>[1],
): FormValues {
  const shown = new Set(shownFields(fields, state));
  const others = Object.entries(kept).filter(([name]) => !shown.has(name));
  return { ...Object.fromEntries(others), ...readFields(fields, state) };
}

/** Those that the answers so far let appear come first: they know their kind best. */
function furtherFields(schema: InputSchema, values: FormValues, action: Action): FormField[] {
  const shown = fieldsFor(action, schema, values).slice(fieldsOf(action).length);
  const names = new Set(shown.map(({ name }) => name));
  return [...shown, ...everyFurtherField(schema).filter(({ name }) => !names.has(name))];
}

function unreadableForm() {
  return problem('bad_input', 'This form cannot be read.', 'Close it and type the command again.');
}
