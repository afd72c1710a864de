/** Clicks on cards. Everybody sees the same buttons; whether a click counts is judged here and at the desk. */
import type { App, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import type { Person } from '../core/person.ts';
import { ok, type Problem, ProblemError, problem, type Result, refuse } from '../core/problem.ts';
import type { Review } from '../core/verdict.ts';
import { type CardValue, cardActions, readCardValue } from '../slack/cards/buttons.ts';
import { slackProblem } from '../slack/errors.ts';
import { approveView } from '../slack/forms/approve-form.ts';
import { denyCallback, denyView, readReason, reasonBlock, reasonMistake } from '../slack/forms/deny-form.ts';
import { loadingView, type ModalView, messageView } from '../slack/forms/form.ts';
import { readDenyMetadata } from '../slack/forms/metadata.ts';
import { viewStateSchema } from '../slack/forms/read-state.ts';
import { historyMessage } from '../slack/history.ts';
import { problemMessage } from '../slack/notices.ts';
import { askPhrase } from '../slack/phrases.ts';
import { lackedBy, registerApproveForm } from './approve-form.ts';
import { admit, attemptAt, type HandlerDeps, tellProblem, withinMs } from './deps.ts';
import { type Place, readPayload } from './payload.ts';

/** How long a form may wait for the answer whether it should open at all: its trigger lives 3 s. */
const checkMaxMs = 1_000;

export function registerButtons(app: App, deps: HandlerDeps): void {
  app.action(cardActions.approve, async ({ body, ack }) => {
    await ack();
    await onClick(deps, body, async ({ person, value, place, triggerId }) => {
      const { id, digest } = value;
      const reviewed = await deps.desk.review({ id, digest, by: person, decision: 'approve' });
      if (reviewed.ok) return undefined;
      const lacks = lackedBy(reviewed.problem);
      if (!lacks) return reviewed.problem;
      await open(deps, triggerId, approveView({ id, digest, ...channelOf(place) }, lacks));
      return undefined;
    });
  });

  app.action(cardActions.deny, async ({ body, ack }) => {
    await ack();
    await onClick(deps, body, async ({ person, value, place, triggerId }) => {
      const { id, digest } = value;
      const may = await withinMs(deps.desk.mayReview(id, person), checkMaxMs);
      if (may && !may.ok) return may.problem;
      const phrase = may && askPhrase(deps.actions, may.value);
      await open(deps, triggerId, denyView({ id, digest, ...channelOf(place) }, phrase));
      return undefined;
    });
  });

  onAnswer(app, deps, denyCallback, 'deny');
  registerApproveForm(app, deps);

  app.action(cardActions.more, async ({ body, ack }) => {
    await ack();
    await onClick(deps, body, async ({ person, value }) => {
      const cancelled = await deps.desk.cancel(value.id, person);
      return cancelled.ok ? undefined : cancelled.problem;
    });
  });

  app.action(cardActions.goBack, async ({ body, ack }) => {
    await ack();
    await onClick(deps, body, async ({ person, value }) => {
      const asked = await deps.desk.goBack(value.id, person);
      return asked.ok ? undefined : asked.problem;
    });
  });

  app.action(cardActions.details, async ({ body, ack }) => {
    await ack();
    await onClick(deps, body, async ({ person, value, place, triggerId }) => {
      const viewId = await open(deps, triggerId, loadingView(value.id));
      const seen = await deps.desk.view(value.id, person);
      const message = seen.ok
        ? historyMessage(seen.value.request, seen.value.history, deps.cards)
        : problemMessage(seen.problem, deps.trail.refused(attemptAt(place), seen.problem));
      await deps.client.views.update({ view_id: viewId, view: messageView(value.id, message.blocks) });
      return undefined;
    });
  });
}

/** What was written into a form: a no with its reason. */
function onAnswer(app: App, deps: HandlerDeps, callback: string, decision: Review['decision']): void {
  app.view<ViewSubmitAction>(callback, async ({ body, ack }) => {
    const { place: from } = readPayload(body);
    const denial = denialSchema.safeParse(body);
    const metadata = denial.success ? readDenyMetadata(denial.data.view.private_metadata) : undefined;
    if (!from || !denial.success || !metadata) {
      await ack();
      return from && tellProblem(deps, from, unreadableForm());
    }
    const note = readReason(denial.data.view.state);
    const wrong = reasonMistake(note);
    // Slack's own check of the length counts spaces, and a forger sends what they like.
    if (wrong) return ack({ response_action: 'errors', errors: { [reasonBlock]: wrong } });
    await ack();
    const place: Place = { ...from, channel: metadata.channel, responseUrl: undefined };
    const asker = await admit(deps, place);
    if (!asker.ok) return tellProblem(deps, place, asker.problem);
    const { id, digest } = metadata;
    // Asked again: between the click and the reason the request may have changed, or the person's groups.
    const reviewed = await deps.desk.review({ id, digest, by: asker.value, decision, note });
    if (!reviewed.ok) await tellProblem(deps, place, reviewed.problem);
  });
}

const denialSchema = z.object({ view: z.object({ private_metadata: z.string(), state: viewStateSchema }) });

function channelOf({ channel }: Place): { readonly channel?: string } {
  return channel === undefined ? {} : { channel };
}

interface Click {
  readonly person: Person;
  readonly value: CardValue;
  readonly place: Place;
  readonly triggerId: string;
}

/** Reads the click, asks who it is, and says what `handle` found wrong. */
async function onClick(
  deps: HandlerDeps,
  body: unknown,
  handle: (click: Click) => Promise<Problem | undefined>,
): Promise<void> {
  const { place, triggerId } = readPayload(body);
  if (!place) return;
  const person = await admit(deps, place);
  const value = readClickValue(body);
  const refusal = !person.ok
    ? person.problem
    : !value.ok
      ? value.problem
      : await handle({ person: person.value, value: value.value, place, triggerId: triggerId ?? '' });
  if (refusal) await tellProblem(deps, place, refusal);
}

const clickSchema = z.object({
  actions: z.tuple([
    z.object({
      value: z.string().optional(),
      selected_option: z.object({ value: z.string() }).optional(),
    }),
  ]),
});

function readClickValue(body: unknown): Result<CardValue> {
  const action = clickSchema.safeParse(body).data?.actions[0];
  const text = action?.value ?? action?.selected_option?.value.replace(/^cancel /u, '');
  const value = readCardValue(text);
  if (value) return ok(value);
  return refuse(
    problem('bad_input', 'This button cannot be read.', 'Use the newest card, or `/requests`.', {
      detail: text ?? '',
    }),
  );
}

function unreadableForm(): Problem {
  return problem('bad_input', 'This form cannot be read.', 'Click once more on the newest card.');
}

/** @throws ProblemError when Slack did not take it: mostly a trigger that was too old. */
async function open(deps: HandlerDeps, triggerId: string, view: ModalView): Promise<string> {
  try {
    const opened = await deps.client.views.open({ trigger_id: triggerId, view });
    const id = opened.view?.id;
    if (id !== undefined) return id;
  } catch (error) {
    throw slackProblem(error, 'views.open');
  }
  throw new ProblemError(problem('outside_refused', 'Slack did not open the form.', 'Click once more.'));
}
