/** The way back from a request: a request of its own, judged like any other, and linked both ways. */
import type { ChangeAction } from '../core/action.ts';
import { advance } from '../core/advance.ts';
import type { RequestId } from '../core/ids.ts';
import { type Person, systemPerson } from '../core/person.ts';
import { ok, type Problem, problem, type Result, refuse } from '../core/problem.ts';
import { isEnded, type PlatformRequest } from '../core/request.ts';
import type { DeskContext } from './context.ts';
import type { Ask } from './desk.ts';
import { cancel } from './review.ts';
import { decide, submit } from './submit.ts';
import { unknownRequest, write } from './write.ts';

export async function goBack(
  context: DeskContext,
  id: RequestId,
  by: Person,
): Promise<Result<PlatformRequest>> {
  const request = await context.store.load(id);
  if (!request) return refuse(unknownRequest(id));
  const way = actionOf(context, request)?.wayBack?.(request);
  if (!way) return refuse(noWayBack(request));
  const isOpen = !isEnded(request) && request.status !== 'undoing';
  // Looked at before anything is done: a cancel without a way back would be half of what was clicked.
  const may = isOpen ? advance(request, { type: 'cancel', by }, context.clock.now()) : undefined;
  if (may && !may.ok) return refuse(may.problem);
  const asked = await askOnce(context, id, {
    ...way,
    requester: by,
    origin: { surface: 'button' },
    follows: id,
  });
  if (!asked.ok) return asked;
  if (isOpen) {
    const cancelled = await cancel(context, id, by);
    // The way back is asked for by now, and the runner would carry it out behind the back of whoever was refused.
    if (!cancelled.ok && !isDoneMeanwhile(cancelled.problem)) return cancelled;
  }
  const decided = await decide(context, asked.value.id);
  // Refused at once it goes back from nothing, and the button stays for whoever may.
  if (decided.ok && cameToNothing(decided.value)) return decided;
  const linked = await write(context, id, () => ok({ commands: [{ type: 'follow', by: asked.value.id }] }));
  return linked.ok ? decided : linked;
}

/** It has ended, is just about to, or is being taken back already: it is wanted back all the same. */
function isDoneMeanwhile({ code }: Problem): boolean {
  return code === 'already_ended' || code === 'too_late_to_cancel';
}

/**
 * Two people who click at once ask for one way back. One that came to nothing is not in the way of the next: or somebody
 * who may not go back could keep everybody else from it.
 */
async function askOnce(
  context: DeskContext,
  id: RequestId,
  ask: Omit<Ask, 'key'>,
): Promise<Result<PlatformRequest>> {
  let asked = await submit(context, { ...ask, key: `go-back:${id}` });
  while (asked.ok && cameToNothing(asked.value)) {
    asked = await submit(context, { ...ask, key: `go-back:${id}:${asked.value.id}` });
  }
  return asked;
}

function cameToNothing(request: PlatformRequest): boolean {
  return isEnded(request) && request.status !== 'succeeded';
}

/**
 * Asks for it when the run has failed and the catalog says that such a one goes back by itself. One that cannot be asked
 * for is left to people: the failure itself tells them.
 */
export async function wayBackByItself(context: DeskContext, id: RequestId): Promise<RequestId | undefined> {
  const request = await context.store.load(id);
  if (request?.undoCause?.kind !== 'failed') return undefined;
  const action = actionOf(context, request);
  const way = action?.goesBackByItself?.(request, context.catalog()) ? action.wayBack?.(request) : undefined;
  if (!way) return undefined;
  const asked = await submit(context, {
    ...way,
    key: `go-back:${id}`,
    requester: systemPerson,
    // Who asked for the deploy is no approver of its way back, though they did not ask for that themselves.
    onBehalfOf: request.onBehalfOf ?? request.requester,
    origin: { surface: 'system' },
    follows: id,
  });
  if (asked.ok) return asked.value.id;
  context.log.warn({ request: id, problem: asked.problem }, 'the way back could not be asked for');
  return undefined;
}

function actionOf({ actions }: DeskContext, request: PlatformRequest): ChangeAction | undefined {
  const action = actions.get(request.action);
  return action && action.effect !== 'read' ? action : undefined;
}

function noWayBack(request: PlatformRequest): Problem {
  return problem(
    'bad_input',
    `${request.id} has nothing that could be gone back to.`,
    `See \`/requests ${request.id}\` for what it did.`,
  );
}
