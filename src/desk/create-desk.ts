/** Puts the desk together. */
import type { DeskContext } from './context.ts';
import type { Desk } from './desk.ts';
import { endChoices } from './end-choices.ts';
import { cancel, mayReview, review } from './review.ts';
import { answer, decide, forecast, submit } from './submit.ts';
import { approvers, choices, overview, permittedActions, view } from './views.ts';

export function createDesk(context: DeskContext): Desk {
  return {
    forecast: (ask) => forecast(context, ask),
    answer: (ask) => answer(context, ask),
    submit: (ask) => submit(context, ask),
    decide: (id) => decide(context, id),
    review: (asked) => review(context, asked),
    cancel: (id, by) => cancel(context, id, by),
    mayReview: (id, by) => mayReview(context, id, by),
    view: (id, viewer) => view(context, id, viewer),
    overview: (viewer) => overview(context, viewer),
    permittedActions: (viewer) => permittedActions(context, viewer),
    choices: (source, viewer, input) => choices(context, source, viewer, input),
    endChoices: (request) => endChoices(context, request),
    approvers: (request) => approvers(context, request),
  };
}
