/** Puts the desk together. */

import { choices } from './choices.ts';
import type { DeskContext } from './context.ts';
import type { Desk } from './desk.ts';
import { loadDraft, saveDraft } from './drafts.ts';
import { checkEdit, edit, mayEdit } from './edit.ts';
import { endChoices } from './end-choices.ts';
import { furtherOf, presetsOf } from './further.ts';
import { reviewGlass } from './glass.ts';
import { goBack } from './go-back.ts';
import { home } from './home.ts';
import { lookAfterLeaver, lookAfterLeavers } from './leavers.ts';
import { keepLock, obstaclesOf } from './locks.ts';
import { checkNarrowing } from './narrow.ts';
import { cancel, mayReview, review } from './review.ts';
import { answer, decide, forecast, submit } from './submit.ts';
import { overview, permittedActions, view } from './views.ts';
import { withdraw } from './withdraw.ts';

export function createDesk(context: DeskContext): Desk {
  return {
    forecast: (ask) => forecast(context, ask),
    answer: (ask) => answer(context, ask),
    submit: (ask) => submit(context, ask),
    decide: (id) => decide(context, id),
    review: (asked) => review(context, asked),
    cancel: (id, by) => cancel(context, id, by),
    lookAfterLeaver: (person) => lookAfterLeaver(context, person),
    lookAfterLeavers: (isStopped) => lookAfterLeavers(context, isStopped),
    checkNarrowing: (request, to) => checkNarrowing(context, request, to),
    withdraw: (id, by) => withdraw(context, id, by),
    mayEdit: (id, by) => mayEdit(context, id, by),
    checkEdit: (asked) => checkEdit(context, asked),
    edit: (asked) => edit(context, asked),
    reviewGlass: (id, by, note) => reviewGlass(context, id, by, note),
    goBack: (id, by) => goBack(context, id, by),
    keepLock: (id, by) => keepLock(context, id, by),
    mayReview: (id, by, decision) => mayReview(context, id, by, decision),
    view: (id, viewer) => view(context, id, viewer),
    overview: (viewer) => overview(context, viewer),
    obstacles: (request) => obstaclesOf(context, request),
    home: (viewer) => home(context, viewer),
    permittedActions: (viewer) => permittedActions(context, viewer),
    choices: (source, viewer, input, typed) => choices(context, source, viewer, input, typed),
    endChoices: (request) => endChoices(context, request),
    further: (name, input) => {
      const action = context.actions.get(name);
      return action && furtherOf(action, input, context.catalog());
    },
    presets: (name, input) => {
      const action = context.actions.get(name);
      return action ? presetsOf(action, input, context.catalog()) : {};
    },
    saveDraft: (id, owner, values) => saveDraft(context, id, owner, values),
    loadDraft: (id, owner) => loadDraft(context, id, owner),
  };
}
