/** Setting up a second factor: the key is shown in a form, and counts once a code of it came back. */
import type { App, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import type { Person } from '../core/person.ts';
import { section } from '../slack/blocks.ts';
import { slackProblem } from '../slack/errors.ts';
import { codeBlock } from '../slack/forms/code-input.ts';
import { enrolCallback, enrolView, oldCodeBlock, readEnrolment } from '../slack/forms/enrol-form.ts';
import { messageView } from '../slack/forms/form.ts';
import { viewStateSchema } from '../slack/forms/read-state.ts';
import { admit, type HandlerDeps, tellProblem } from './deps.ts';
import { type Place, readPayload } from './payload.ts';
import { refusalView } from './refusal-view.ts';
import { refusedAtField } from './refused-at-field.ts';

export async function openEnrolment(
  deps: HandlerDeps,
  { person, place, triggerId }: { person: Person; place: Place; triggerId: string },
): Promise<void> {
  const begun = await deps.codes.begin(person);
  if (!begun.ok) return tellProblem(deps, place, begun.problem);
  try {
    await deps.client.views.open({ trigger_id: triggerId, view: enrolView(begun.value) });
  } catch (error) {
    throw slackProblem(error, 'views.open');
  }
}

const bodySchema = z.object({ view: z.object({ state: viewStateSchema }) });

export function registerEnrolment(app: App, deps: HandlerDeps): void {
  app.view<ViewSubmitAction>(enrolCallback, async ({ body, ack }) => {
    const { place } = readPayload(body);
    if (!place) return ack();
    const asker = await admit(deps, place);
    if (!asker.ok) return ack({ response_action: 'update', view: refusalView(deps, place, asker.problem) });
    const sent = bodySchema.safeParse(body);
    const { code, oldCode, mistakes } = readEnrolment(sent.data?.view.state ?? { values: {} });
    if (Object.keys(mistakes).length > 0) return ack({ response_action: 'errors', errors: mistakes });
    const done = await deps.codes.confirm(asker.value, code, oldCode);
    if (done.ok) return ack({ response_action: 'update', view: doneView() });
    // A slip of the finger must not cost the key that was just typed into an app.
    if (done.problem.code === 'code_wrong') {
      const block = done.problem.fields?.oldCode === undefined ? codeBlock : oldCodeBlock;
      const errors = refusedAtField(deps, place, done.problem, { [block]: done.problem.sentence });
      return ack({ response_action: 'errors', errors });
    }
    return ack({ response_action: 'update', view: refusalView(deps, place, done.problem) });
  });
}

function doneView() {
  return messageView('Second factor', [
    section('Your second factor is set up. Answers that need a code ask for one from now on.'),
  ]);
}
