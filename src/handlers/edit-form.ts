/** The form of a request that waits, with what it asks for now: sent, it asks for something else. */
import type { RequestId } from '../core/ids.ts';
import type { Person } from '../core/person.ts';
import type { Problem } from '../core/problem.ts';
import { wishOf } from '../slack/cards/answer-news.ts';
import { inputOf } from '../slack/forms/further.ts';
import type { FormMetadata } from '../slack/forms/metadata.ts';
import { checkMaxMs } from './clicks.ts';
import { type HandlerDeps, tellProblem, withinMs } from './deps.ts';
import { openForm } from './forms.ts';
import type { OpenForm } from './open-view.ts';
import type { Place } from './payload.ts';
import { refuseForm } from './refuse-form.ts';
import { tellOutcome } from './tell-outcome.ts';
import type { PageAck } from './turn-page.ts';

interface EditOrder {
  readonly id: RequestId;
  readonly person: Person;
  readonly place: Place;
  readonly triggerId: string;
}

/** Why it does not open; `undefined` when it does. */
export async function openEdit(
  deps: HandlerDeps,
  { id, person, place, triggerId }: EditOrder,
): Promise<Problem | undefined> {
  const may = await withinMs(deps.desk.mayEdit(id, person), checkMaxMs);
  if (!may) return slow;
  if (!may.ok) return may.problem;
  const { action, input, digest = '', bypass } = may.value;
  const wish = wishOf(deps.cards.quorumOf(may.value));
  await openForm(deps, {
    ...{
      action,
      input,
      person,
      place,
      triggerId,
      edits: { id, digest, ...(wish === undefined ? {} : { wish }) },
    },
    ...(bypass === undefined ? {} : { bypass }),
  });
  return undefined;
}

/** Everything that needs nothing outside is said in the form; what the guardrails say, afterwards. */
export async function submitEdit(
  deps: HandlerDeps,
  form: OpenForm,
  edits: NonNullable<FormMetadata['edits']>,
  ack: PageAck,
): Promise<void> {
  const { draft, place } = form;
  const input = inputOf(draft.schema, draft.values);
  if (!input.ok) return refuseForm(deps, form, input.problem, ack);
  const { id, digest } = edits;
  const asked = { id, digest, by: draft.person, input: input.value };
  const checked = await deps.desk.checkEdit(asked);
  if (!checked.ok) return refuseForm(deps, form, checked.problem, ack);
  const edited = await deps.desk.edit(asked);
  await ack();
  if (!edited.ok) return tellProblem(deps, place, edited.problem);
  await tellOutcome(deps, place, edited.value);
}

const slow: Problem = {
  code: 'busy',
  sentence: 'This takes longer than it should.',
  next: 'Click once more.',
};
