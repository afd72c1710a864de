/** What somebody has filled in of a form with several pages. Theirs alone: its id travels through chat and back. */
import { dayMs } from '../core/duration.ts';
import type { Person } from '../core/person.ts';
import { ok, problem, type Result, refuse } from '../core/problem.ts';
import type { DeskContext } from './context.ts';

/** A form that was left open longer is begun anew. */
const draftKeptMs = dayMs;

export async function saveDraft(
  context: DeskContext,
  id: string,
  owner: Person,
  values: Readonly<Record<string, unknown>>,
): Promise<Result<undefined>> {
  const draft = { id, owner: owner.id, values, savedAt: context.clock.now() };
  return (await context.store.saveDraft(draft, draftKeptMs)) ? ok(undefined) : refuse(notYours());
}

/** `undefined`: nothing is kept, or no longer. */
export async function loadDraft(
  context: DeskContext,
  id: string,
  owner: Person,
): Promise<Result<Readonly<Record<string, unknown>> | undefined>> {
  const draft = await context.store.loadDraft(id);
  if (draft && draft.owner !== owner.id) return refuse(notYours());
  const isOver = draft !== undefined && context.clock.now() - draft.savedAt > draftKeptMs;
  return ok(isOver ? undefined : draft?.values);
}

function notYours() {
  return problem(
    'not_yours',
    'This form was opened by somebody else.',
    'Type the command yourself to open your own.',
  );
}
