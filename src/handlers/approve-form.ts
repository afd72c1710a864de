/** A yes that needs more than a click: the form for it, and what comes back. */
import type { App, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { type Problem, problem, type Result } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import { approveCallback, readApproval, type YesNeeds } from '../slack/forms/approve-form.ts';
import { codeBlock } from '../slack/forms/code-input.ts';
import { type DenyMetadata, readDenyMetadata } from '../slack/forms/metadata.ts';
import { viewStateSchema } from '../slack/forms/read-state.ts';
import { admit, type HandlerDeps, tellProblem } from './deps.ts';
import { type Place, readPayload } from './payload.ts';
import { refusedAtField } from './refused-at-field.ts';

/** What a refused yes lacks; `undefined` when more of it would not help. */
export function lackedBy({ code, fields }: Problem): YesNeeds | undefined {
  if (code !== 'comment_needed' && code !== 'code_needed') return undefined;
  return {
    note: code === 'comment_needed' || fields?.note !== undefined,
    code: code === 'code_needed' || fields?.code !== undefined,
  };
}

const bodySchema = z.object({ view: z.object({ private_metadata: z.string(), state: viewStateSchema }) });

export function registerApproveForm(app: App, deps: HandlerDeps): void {
  app.view<ViewSubmitAction>(approveCallback, async ({ body, ack }) => {
    const { place: from } = readPayload(body);
    const sent = bodySchema.safeParse(body);
    const metadata = sent.success ? readDenyMetadata(sent.data.view.private_metadata) : undefined;
    if (!from || !sent.success || !metadata) {
      await ack();
      return from && tellProblem(deps, from, unreadableForm());
    }
    const { mistakes, ...said } = readApproval(sent.data.view.state);
    // Slack's own checks count spaces, and a forger sends what they like.
    if (Object.keys(mistakes).length > 0) return ack({ response_action: 'errors', errors: mistakes });
    const place: Place = { ...from, channel: metadata.channel, responseUrl: undefined };
    const approved = await approve(deps, place, metadata, said);
    // A slip of the finger is mended where it was made.
    if (!approved.ok && approved.problem.code === 'code_wrong' && said.code !== undefined) {
      const errors = refusedAtField(deps, place, approved.problem, {
        [codeBlock]: approved.problem.sentence,
      });
      return ack({ response_action: 'errors', errors });
    }
    // Written before the form closes: its sentence is nowhere else.
    await ack();
    if (!approved.ok) await tellProblem(deps, place, approved.problem);
  });
}

/** Asked again: between the click and the form the request may have changed, or the person's groups. */
async function approve(
  deps: HandlerDeps,
  place: Place,
  { id, digest }: DenyMetadata,
  said: { readonly note?: string; readonly code?: string },
): Promise<Result<PlatformRequest>> {
  const asker = await admit(deps, place);
  return asker.ok ? deps.desk.review({ id, digest, by: asker.value, decision: 'approve', ...said }) : asker;
}

function unreadableForm(): Problem {
  return problem('bad_input', 'This form cannot be read.', 'Click once more on the newest card.');
}
