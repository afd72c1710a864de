/** The last page is sent: what it asks for is written down, or what is wrong is said where it can be mended. */

import { readCode } from '../core/codes.ts';
import { bypassMistake, bypassReasonMax, bypassReasonMin } from '../core/glass.ts';
import { problem } from '../core/problem.ts';
import { bypassReasonBlock } from '../slack/forms/bypass.ts';
import { codeBlock, codeMistake } from '../slack/forms/code-input.ts';
import { inputOf } from '../slack/forms/further.ts';
import { giveAnswer } from './answering.ts';
import { type HandlerDeps, tellProblem, withinMs } from './deps.ts';
import { submitEdit } from './edit-form.ts';
import type { OpenForm } from './open-view.ts';
import { refuseForm } from './refuse-form.ts';
import { refusedAtField } from './refused-at-field.ts';
import { answeredInAckMs, tellDecided } from './tell-outcome.ts';
import { mistakesIn, type PageAck } from './turn-page.ts';

export async function submitForm(deps: HandlerDeps, form: OpenForm, ack: PageAck): Promise<void> {
  const { draft, place, blocks, code } = form;
  if (draft.action.effect === 'read') return answerForm(deps, form, ack);
  if (draft.metadata.edits) return submitEdit(deps, form, draft.metadata.edits, ack);
  const input = inputOf(draft.schema, draft.values);
  if (!input.ok) return refuseForm(deps, form, input.problem, ack);
  const mistake = draft.bypass && bypassMistake(draft.bypass);
  if (mistake !== undefined && blocks.some(({ block_id }) => block_id === bypassReasonBlock)) {
    const next = `Write from ${bypassReasonMin} to ${bypassReasonMax} characters.`;
    return ack({ response_action: 'errors', errors: { [bypassReasonBlock]: `${mistake} ${next}` } });
  }
  const wrongCode = code === undefined ? undefined : codeMistake(code);
  if (wrongCode !== undefined) return ack({ response_action: 'errors', errors: { [codeBlock]: wrongCode } });
  // Written before the ack, under the form's own key: submitted twice it is one request.
  const submitted = await deps.desk.submit({
    key: `form ${place.user} ${draft.metadata.draftId}`,
    action: draft.metadata.action,
    input: input.value,
    requester: draft.person,
    origin: { surface: 'modal', ...(place.channel === undefined ? {} : { channel: place.channel }) },
    ...(draft.bypass === undefined ? {} : { bypass: draft.bypass }),
    ...(code === undefined ? {} : { code: readCode(code) ?? '' }),
  });
  if (!submitted.ok && submitted.problem.code === 'code_wrong' && code !== undefined) {
    const errors = refusedAtField(deps, place, submitted.problem, {
      [codeBlock]: submitted.problem.sentence,
    });
    return ack({ response_action: 'errors', errors });
  }
  if (!submitted.ok) return refuseForm(deps, form, submitted.problem, ack);
  const tell = async () => tellDecided(deps, place, await deps.desk.decide(submitted.value.id));
  // As of a command: those who ask at this moment would wait too long.
  if (deps.rush.isOn()) {
    await ack();
    return deps.rush.afterwards(tell);
  }
  // A refusal has no card: it is said before the form closes, or nobody would were this process to die between the two.
  const telling = tell();
  await withinMs(telling, answeredInAckMs);
  await ack();
  await telling;
}

/** A read asks the outside, which may take longer than Slack waits: only the schema speaks inside the ack. */
async function answerForm(deps: HandlerDeps, form: OpenForm, ack: PageAck): Promise<void> {
  const { draft, place, triggerId } = form;
  const fields = mistakesIn(draft);
  if (Object.keys(fields).length > 0) {
    const wrong = problem('bad_input', 'Something is missing or wrong.', 'Mend it.', { fields });
    return refuseForm(deps, form, wrong, ack);
  }
  await ack();
  const input = inputOf(draft.schema, draft.values);
  if (!input.ok) return tellProblem(deps, place, input.problem);
  const question = { action: draft.metadata.action, input: input.value };
  const answer = await deps.desk.answer({
    ...question,
    key: '',
    requester: draft.person,
    origin: { surface: 'modal', ...(place.channel === undefined ? {} : { channel: place.channel }) },
  });
  if (!answer.ok) return tellProblem(deps, place, answer.problem);
  await giveAnswer(deps, { ...question, person: draft.person, place, triggerId }, answer.value);
}
