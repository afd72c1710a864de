/** The menu of a card that waits: a yes to less, an answer taken back, an edit, a cancelling that is asked about first. */
import type { App, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import type { ChangeAction } from '../core/action.ts';
import type { Person } from '../core/person.ts';
import { type Problem, problem } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import { menuEntries } from '../slack/cards/answer-menu.ts';
import { cardActions } from '../slack/cards/buttons.ts';
import { readApproval } from '../slack/forms/approve-form.ts';
import { cancelCallback, cancelView } from '../slack/forms/cancel-form.ts';
import { type DenyMetadata, readDenyMetadata } from '../slack/forms/metadata.ts';
import { narrowCallback, narrowFields, narrowView } from '../slack/forms/narrow-form.ts';
import { fieldErrors, readFields, type ViewState, viewStateSchema } from '../slack/forms/read-state.ts';
import { type Click, channelOf, checkMaxMs, onClick, open } from './clicks.ts';
import { admit, type HandlerDeps, tellProblem, withinMs } from './deps.ts';
import { openEdit } from './edit-form.ts';
import { type Place, readPayload } from './payload.ts';
import { refusedAtField } from './refused-at-field.ts';

export function registerReviewButtons(app: App, deps: HandlerDeps): void {
  app.action(cardActions.more, async ({ body, ack }) => {
    await ack();
    await onClick(deps, body, (click) => onMenu(deps, click));
  });

  app.action(cardActions.edit, async ({ body, ack }) => {
    await ack();
    await onClick(deps, body, (click) => openEdit(deps, { ...click, id: click.value.id }));
  });

  app.view<ViewSubmitAction>(narrowCallback, async ({ body, ack }) => {
    const sent = await readSent(deps, body);
    if (!sent.ok) {
      await ack();
      return sent.problem && sent.place && tellProblem(deps, sent.place, sent.problem);
    }
    const { place, person, metadata, state, blocks } = sent;
    const { id, digest } = metadata;
    const { mistakes, ...said } = readApproval(state);
    const seen = await deps.desk.view(id, person);
    const action = seen.ok ? changeActionOf(deps, seen.value.request) : undefined;
    if (!seen.ok || !action) {
      await ack();
      return tellProblem(deps, place, seen.ok ? unreadable() : seen.problem);
    }
    const narrowTo = readFields(narrowFields(action, seen.value.request), state);
    const less = deps.desk.checkNarrowing(seen.value.request, narrowTo);
    const errors = less.ok ? undefined : fieldErrors({ ...less.problem, code: 'bad_input' }, blocks);
    const wrong = less.ok || !errors ? undefined : refusedAtField(deps, place, less.problem, errors);
    if (wrong || Object.keys(mistakes).length > 0) {
      return ack({ response_action: 'errors', errors: { ...wrong, ...mistakes } });
    }
    const reviewed = await deps.desk.review({
      ...{ id, digest, by: person, decision: 'approve', narrowTo },
      ...said,
    });
    await ack();
    if (!reviewed.ok) await tellProblem(deps, place, reviewed.problem);
  });

  app.view<ViewSubmitAction>(cancelCallback, async ({ body, ack }) => {
    const sent = await readSent(deps, body);
    if (!sent.ok) {
      await ack();
      return sent.problem && sent.place && tellProblem(deps, sent.place, sent.problem);
    }
    const cancelled = await deps.desk.cancel(sent.metadata.id, sent.person);
    await ack();
    if (!cancelled.ok) await tellProblem(deps, sent.place, cancelled.problem);
  });
}

async function onMenu(deps: HandlerDeps, click: Click): Promise<Problem | undefined> {
  const { person, value, place, triggerId, entry } = click;
  const { id, digest } = value;
  const metadata: DenyMetadata = { id, digest, ...channelOf(place) };
  switch (entry) {
    case menuEntries.narrow:
      return openNarrow(deps, click, metadata);
    case menuEntries.withdraw: {
      const withdrawn = await deps.desk.withdraw(id, person);
      return withdrawn.ok ? undefined : withdrawn.problem;
    }
    case menuEntries.edit:
      return openEdit(deps, { ...click, id });
    case menuEntries.askCancel:
      await open(deps, triggerId, cancelView(metadata));
      return undefined;
    case menuEntries.cancel: {
      const cancelled = await deps.desk.cancel(id, person);
      return cancelled.ok ? undefined : cancelled.problem;
    }
    default:
      // Of another version of ours, or made by hand: no guess, and least of all the one that ends it.
      return problem('bad_input', 'This button cannot be read.', 'Use the newest card, or `/requests`.');
  }
}

async function openNarrow(
  deps: HandlerDeps,
  { person, triggerId }: Click,
  metadata: DenyMetadata,
): Promise<Problem | undefined> {
  const may = await withinMs(deps.desk.mayReview(metadata.id, person, 'approve'), checkMaxMs);
  if (!may) return problem('busy', 'This takes longer than it should.', 'Click once more.');
  if (!may.ok) return may.problem;
  const action = changeActionOf(deps, may.value);
  if (!action) return unreadable();
  const { requirements } = may.value;
  const needs = {
    note: requirements.some(({ needsComment }) => needsComment),
    code: requirements.some(({ stepUp }) => stepUp),
  };
  await open(deps, triggerId, narrowView(metadata, may.value, action, needs));
  return undefined;
}

function changeActionOf({ actions }: HandlerDeps, request: PlatformRequest): ChangeAction | undefined {
  const action = actions.get(request.action);
  return action && action.effect !== 'read' ? action : undefined;
}

type Sent =
  | {
      readonly ok: true;
      readonly place: Place;
      readonly person: Person;
      readonly metadata: DenyMetadata;
      readonly state: ViewState;
      readonly blocks: z.infer<typeof bodySchema>['view']['blocks'];
    }
  | { readonly ok: false; readonly place?: Place; readonly problem?: Problem };

const bodySchema = z.object({
  view: z.object({
    private_metadata: z.string(),
    state: viewStateSchema,
    blocks: z.array(z.looseObject({ type: z.string(), block_id: z.string().optional() })),
  }),
});

/** Who sent a form about which request, asked again. */
async function readSent(deps: HandlerDeps, body: unknown): Promise<Sent> {
  const { place: from } = readPayload(body);
  if (!from) return { ok: false };
  const sent = bodySchema.safeParse(body);
  const metadata = sent.success ? readDenyMetadata(sent.data.view.private_metadata) : undefined;
  if (!sent.success || !metadata) return { ok: false, place: from, problem: unreadable() };
  const place: Place = { ...from, channel: metadata.channel, responseUrl: undefined };
  const asker = await admit(deps, place);
  if (!asker.ok) return { ok: false, place, problem: asker.problem };
  const { state, blocks } = sent.data.view;
  return { ok: true, place, person: asker.value, metadata, state, blocks };
}

function unreadable(): Problem {
  return problem('bad_input', 'This form cannot be read.', 'Click once more on the newest card.');
}
