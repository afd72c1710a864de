/** Clicks on the reminder of a lock under which nothing happens: let it go, or keep it. */
import type { App } from '@slack/bolt';
import { z } from 'zod';
import { digestOf } from '../core/digest.ts';
import { requestIdSchema } from '../core/ids.ts';
import { lockKeyWords } from '../core/lock-key.ts';
import { lockGone } from '../core/lock-words.ts';
import type { Person } from '../core/person.ts';
import { type Problem, problem } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import { lockActions, lockKept } from '../slack/lock-notices.ts';
import { admit, type HandlerDeps, tellProblem } from './deps.ts';
import { type Place, readPayload } from './payload.ts';
import { tellOutcome } from './tell-outcome.ts';

export function registerLockButtons(app: App, deps: HandlerDeps): void {
  app.action(lockActions.release, async ({ body, ack }) => {
    await ack();
    await onLock(deps, body, ({ person, place, request }) => release(deps, person, place, request));
  });

  app.action(lockActions.keep, async ({ body, ack }) => {
    await ack();
    await onLock(deps, body, async ({ person, place, request }) => {
      const kept = await deps.desk.keepLock(request.id, person);
      if (!kept.ok) return kept.problem;
      await deps.replies.privately(place, lockKept(kept.value));
      return undefined;
    });
  });
}

interface LockClick {
  readonly person: Person;
  readonly place: Place;
  readonly request: PlatformRequest;
}

/** A click can be forged: who it is and whose the lock is are asked anew, and the actions judge them. */
async function onLock(
  deps: HandlerDeps,
  body: unknown,
  handle: (click: LockClick) => Promise<Problem | undefined>,
): Promise<void> {
  const { place } = readPayload(body);
  if (!place) return;
  const asker = await admit(deps, place);
  if (!asker.ok) return tellProblem(deps, place, asker.problem);
  const id = requestIdSchema.safeParse(clickSchema.safeParse(body).data?.actions[0].value).data;
  if (id === undefined) return tellProblem(deps, place, unreadable());
  const seen = await deps.desk.view(id, asker.value);
  if (!seen.ok) return tellProblem(deps, place, seen.problem);
  const refusal = await handle({ person: asker.value, place, request: seen.value.request });
  if (refusal) await tellProblem(deps, place, refusal);
}

const clickSchema = z.object({ actions: z.tuple([z.object({ value: z.string() })]) });

/** The same request as when it is typed, under the same guardrails. Two clicks on one reminder are one. */
async function release(
  deps: HandlerDeps,
  requester: Person,
  place: Place,
  request: PlatformRequest,
): Promise<Problem | undefined> {
  const [key] = request.lock?.keys ?? [];
  if (key === undefined) return lockGone(request);
  const submitted = await deps.desk.submit({
    key: `lock ${requester.id} ${digestOf({ release: request.id, as: request.version })}`,
    action: 'lock.release',
    input: lockKeyWords(key),
    requester,
    origin: { surface: 'button', ...(place.channel === undefined ? {} : { channel: place.channel }) },
  });
  if (!submitted.ok) return submitted.problem;
  const decided = await deps.desk.decide(submitted.value.id);
  if (!decided.ok) return decided.problem;
  await tellOutcome(deps, place, decided.value);
  return undefined;
}

function unreadable(): Problem {
  return problem('bad_input', 'This button cannot be read.', 'See your locks: `/lock`.');
}
