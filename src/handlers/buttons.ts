/** Clicks on cards. Everybody sees the same buttons; whether a click counts is judged here and at the desk. */
import type { App, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { type Problem, problem } from '../core/problem.ts';
import type { Review } from '../core/verdict.ts';
import { cardActions } from '../slack/cards/buttons.ts';
import { approveView } from '../slack/forms/approve-form.ts';
import {
  changesCallback,
  changesView,
  denyCallback,
  denyView,
  readReason,
  reasonBlock,
  reasonMistake,
} from '../slack/forms/deny-form.ts';
import { loadingView, messageView } from '../slack/forms/form.ts';
import { readDenyMetadata } from '../slack/forms/metadata.ts';
import { viewStateSchema } from '../slack/forms/read-state.ts';
import { historyMessage } from '../slack/history.ts';
import { problemMessage } from '../slack/notices.ts';
import { askPhrase } from '../slack/phrases.ts';
import { lackedBy, registerApproveForm } from './approve-form.ts';
import { channelOf, checkMaxMs, onClick, open } from './clicks.ts';
import { admit, attemptAt, type HandlerDeps, tellProblem, withinMs } from './deps.ts';
import { type Place, readPayload } from './payload.ts';

export function registerButtons(app: App, deps: HandlerDeps): void {
  app.action(cardActions.approve, async ({ body, ack }) => {
    await ack();
    await onClick(deps, body, async ({ person, value, place, triggerId }) => {
      const { id, digest } = value;
      const reviewed = await deps.desk.review({ id, digest, by: person, decision: 'approve' });
      if (reviewed.ok) return undefined;
      const lacks = lackedBy(reviewed.problem);
      if (!lacks) return reviewed.problem;
      const seen = await deps.desk.view(id, person);
      const phrase = seen.ok ? askPhrase(deps.actions, seen.value.request) : undefined;
      await open(deps, triggerId, approveView({ id, digest, ...channelOf(place) }, phrase, lacks));
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

  app.action(cardActions.requestChanges, async ({ body, ack }) => {
    await ack();
    await onClick(deps, body, async ({ person, value, place, triggerId }) => {
      const { id, digest } = value;
      const may = await withinMs(deps.desk.mayReview(id, person, 'request_changes'), checkMaxMs);
      if (may && !may.ok) return may.problem;
      const phrase = may && askPhrase(deps.actions, may.value);
      await open(deps, triggerId, changesView({ id, digest, ...channelOf(place) }, phrase));
      return undefined;
    });
  });

  onAnswer(app, deps, denyCallback, 'deny');
  onAnswer(app, deps, changesCallback, 'request_changes');
  registerApproveForm(app, deps);

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

/** What was written into a form: a no with its reason, or what should change. */
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
    const place: Place = { ...from, channel: metadata.channel, responseUrl: undefined };
    const asker = await admit(deps, place);
    const { id, digest } = metadata;
    // Asked again: between the click and the reason the request may have changed, or the person's groups.
    const reviewed = asker.ok
      ? await deps.desk.review({ id, digest, by: asker.value, decision, note })
      : asker;
    // Written before the form closes: its sentence is nowhere else.
    await ack();
    if (!reviewed.ok) await tellProblem(deps, place, reviewed.problem);
  });
}

const denialSchema = z.object({ view: z.object({ private_metadata: z.string(), state: viewStateSchema }) });

function unreadableForm(): Problem {
  return problem('bad_input', 'This form cannot be read.', 'Click once more on the newest card.');
}
