/** Forms: opened at once, redrawn while they are filled in, and submitted. */
import type { ChoiceSource } from '../core/action.ts';
import { digestOf } from '../core/digest.ts';
import { type Bypass, bypassMistake } from '../core/glass.ts';
import type { Person } from '../core/person.ts';
import { type Problem, problemFrom, type Result } from '../core/problem.ts';
import type { Choice } from '../desk/desk.ts';
import { slackErrorCode, slackProblem } from '../slack/errors.ts';
import { type FormField, fieldsOf } from '../slack/forms/fields.ts';
import { type FormModel, formView, loadingView, type ModalView } from '../slack/forms/form.ts';
import { type FormValues, fieldsFor, inputOf, valuesOf } from '../slack/forms/further.ts';
import type { FormMetadata } from '../slack/forms/metadata.ts';
import { maxOf } from '../slack/limits.ts';
import { type HandlerDeps, tellProblem, withinMs } from './deps.ts';
import { type Draft, furtherOf, pagesIn, withDefaults } from './open-view.ts';
import type { Place } from './payload.ts';

/** A trigger lives 3 s: choices that take longer than this come into the form after it is open. */
const choicesMaxMs = 700;

export interface FormOrder {
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly person: Person;
  readonly place: Place;
  readonly triggerId: string;
  readonly bypass?: Bypass;
  /** The request that it edits. */
  readonly edits?: FormMetadata['edits'];
}

export async function openForm(deps: HandlerDeps, order: FormOrder): Promise<void> {
  const action = deps.actions.get(order.action);
  if (!action) return;
  const metadata: FormMetadata = {
    action: order.action,
    // The trigger is Slack's own number for this opening: the form and all its submissions are one request.
    draftId: digestOf(order.triggerId).slice(0, 32),
    ...(order.place.channel === undefined ? {} : { channel: order.place.channel }),
    ...(order.bypass === undefined ? {} : { bypass: order.bypass }),
    ...(order.edits === undefined ? {} : { edits: order.edits }),
  };
  const schema = furtherOf(deps, order.action, action, order.input);
  const values = valuesOf(schema, order.input);
  const draft = { action, schema, metadata, person: order.person, values, bypass: order.bypass };
  try {
    await keep(deps, draft);
    const loading = loadChoices(deps, draft);
    const choices = await withinMs(loading, choicesMaxMs);
    const first = choices ? formView(modelOf(deps, draft, choices)) : loadingView(action.title);
    const opened = await deps.client.views.open({ trigger_id: order.triggerId, view: first });
    const view = { id: opened.view?.id ?? '', hash: opened.view?.hash ?? '' };
    await redraw(deps, draft, { ...view, isNewest: () => false }, await loading);
  } catch (error) {
    await tellProblem(deps, order.place, slackProblem(error, 'views.open').problem);
  }
}

/** An open form as a change found it. */
export interface OpenView {
  readonly id: string;
  /** Changes with every redraw, not with what people fill in: two quick changes come with the same one. */
  readonly hash?: string;
  /** Whether no later change of this form has come: the newest one is drawn for certain. */
  isNewest(): boolean;
}

/**
 * Draws the form anew with what the guardrails say to its values now. A redraw that finds a newer one in its place
 * gives way, unless it is the newest itself.
 */
export async function redraw(
  deps: HandlerDeps,
  draft: Draft,
  view: OpenView,
  known?: Choices,
): Promise<void> {
  const choices = known ?? (await loadChoices(deps, draft));
  const offered = { ...draft, values: stillOffered(draft, choices) };
  const outlook = await outlookOf(deps, offered);
  const drawn = formView({ ...modelOf(deps, offered, choices), outlook });
  const { id, hash } = view;
  const order = hash === undefined ? { view_id: id } : { view_id: id, hash };
  const outcome = await update(deps, { ...order, view: drawn });
  if (outcome === 'newer' && view.isNewest()) await update(deps, { view_id: id, view: drawn });
}

/** The same form at one of its pages, before the guardrails were asked; `wrong`: what is to be mended there. */
export async function pageView(
  deps: HandlerDeps,
  draft: Draft,
  page: number,
  wrong: Readonly<Record<string, string>> = {},
): Promise<ModalView> {
  const turned = { ...draft, metadata: { ...draft.metadata, page } };
  return formView({ ...modelOf(deps, turned, await loadChoices(deps, turned)), wrong });
}

/** What is filled in is kept on our side as soon as one page does not show it all. */
export async function keep(deps: HandlerDeps, draft: Draft): Promise<Result<undefined>> {
  if (pagesIn(draft).pages.length === 1) return { ok: true, value: undefined };
  return deps.desk.saveDraft(draft.metadata.draftId, draft.person, draft.values);
}

async function update(
  deps: HandlerDeps,
  order: { view_id: string; hash?: string; view: ModalView },
): Promise<'drawn' | 'newer' | 'closed'> {
  try {
    await deps.client.views.update(order);
    return 'drawn';
  } catch (error) {
    const code = slackErrorCode(error);
    if (code === 'hash_conflict') return 'newer';
    // Closed meanwhile: nobody is left to tell.
    if (code === 'not_found' || code === 'view_not_found') return 'closed';
    throw slackProblem(error, 'views.update');
  }
}

type Choices = Readonly<Record<string, readonly Choice[]>>;

async function loadChoices(deps: HandlerDeps, draft: Draft): Promise<Choices> {
  const wanted = fieldsOf(draft.action).filter(isChoice);
  const lists = await Promise.all(
    wanted.map(async (field) => {
      const choices = await deps.desk.choices(
        field.source,
        draft.person,
        withDefaults(draft.action, draft.values),
      );
      return [field.name, choices] as const;
    }),
  );
  return Object.fromEntries(lists);
}

/** Another service may not have the environment chosen before: the form then shows none, and none is judged. */
function stillOffered(draft: Draft, choices: Choices): Record<string, unknown> {
  const isGone = (name: string, value: unknown) => {
    const offered = choices[name];
    // A list that is cut off is found in by typing; what it lacks may be there all the same.
    if (offered === undefined || offered.length >= maxOf('selectOptions')) return false;
    return !offered.some((choice) => choice.value === value);
  };
  return Object.fromEntries(Object.entries(draft.values).filter(([name, value]) => !isGone(name, value)));
}

function isChoice(field: FormField): field is FormField & { kind: 'choice'; source: ChoiceSource } {
  return field.kind === 'choice';
}

function modelOf(deps: HandlerDeps, draft: Draft, choices: Choices): FormModel {
  return {
    ...draft,
    presets: deps.desk.presets(draft.metadata.action, draft.values),
    choices,
    outlook: undefined,
    alerts: deps.alerts,
    groupTitle: deps.cards.groupTitle,
    timeZone: draft.person.timeZone,
  };
}

async function outlookOf(deps: HandlerDeps, draft: Draft): Promise<FormModel['outlook']> {
  const values = withStandIns(draft);
  if (draft.action.effect === 'read' || !isComplete(draft, values)) return undefined;
  const standIns = Object.keys(values).filter((name) => draft.values[name] === undefined);
  const isMadeUp = standIns.length > 0;
  const input = inputOf(draft.schema, values);
  if (!input.ok) return { sentence: `${input.problem.sentence} ${input.problem.next}` };
  const { action, channel } = draft.metadata;
  try {
    const forecast = await deps.desk.forecast({
      action,
      input: input.value,
      requester: draft.person,
      origin: { surface: 'modal', ...(channel === undefined ? {} : { channel }) },
      ...(draft.bypass === undefined ? {} : { bypass: judgeable(draft.bypass) }),
    });
    if (forecast.ok && isMadeUp) {
      const { verdict, bypasses } = forecast.value;
      return { verdict, ...(bypasses ? { bypasses } : {}) };
    }
    if (!forecast.ok && isMadeUp && isAbout(forecast.problem, standIns)) return undefined;
    if (forecast.ok) return forecast.value;
    return { sentence: `${forecast.problem.sentence} ${forecast.problem.next}` };
  } catch (error) {
    // The form still works without its forecast; submitting asks the guardrails anyway.
    const { sentence, next } = problemFrom(error);
    return { sentence: `${sentence} ${next}` };
  }
}

/** While its reason is being written the verdict can be told already; when it is sent the reason must be there. */
function judgeable(bypass: Bypass): Bypass {
  return bypassMistake(bypass) === undefined ? bypass : { ...bypass, reason: 'not written yet' };
}

/** What is wrong with a stand-in is nobody's mistake; whatever else is wrong can be told before anything is typed. */
function isAbout({ fields = {} }: Problem, standIns: readonly string[]): boolean {
  const names = Object.keys(fields);
  return names.length === 0 || names.some((name) => standIns.includes(name));
}

/**
 * What is to be created has no name yet that a rule could know, so the verdict need not wait for it: the example in
 * the field stands in. What would happen with it is not shown.
 */
function withStandIns(draft: Draft): FormValues {
  if (draft.action.effect !== 'create') return { ...draft.values };
  const missing = fieldsOf(draft.action).filter(
    (field) => field.kind === 'text' && field.isRequired && draft.values[field.name] === undefined,
  );
  const standIns = missing.flatMap((field) =>
    field.placeholder ? [[field.name, field.placeholder] as const] : [],
  );
  return { ...draft.values, ...Object.fromEntries(standIns) };
}

function isComplete({ action, schema }: Draft, values: FormValues): boolean {
  return fieldsFor(action, schema, values).every(
    (field) => !field.isRequired || values[field.name] !== undefined || field.defaultValue !== undefined,
  );
}
