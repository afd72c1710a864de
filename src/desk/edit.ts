/** The requester asks for something else with the same request: judged anew, and people are asked anew. */
import { advance, type RequestCommand } from '../core/advance.ts';
import { fieldChanges } from '../core/field-changes.ts';
import type { RequestId } from '../core/ids.ts';
import type { Person } from '../core/person.ts';
import { ok, type Problem, problem, problemFrom, type Result, refuse } from '../core/problem.ts';
import { outOfDateProblem } from '../core/refusals.ts';
import type { PlatformRequest } from '../core/request.ts';
import { refuseEdit } from '../core/review-life.ts';
import type { Verdict } from '../core/verdict.ts';
import type { DeskContext } from './context.ts';
import type { Desk, Edit } from './desk.ts';
import type { Subject } from './gather-facts.ts';
import { judge, subjectOf } from './judge.ts';
import { readAsk } from './submit.ts';
import { unknownRequest, write } from './write.ts';

export async function mayEdit(
  context: DeskContext,
  id: RequestId,
  by: Person,
): Promise<Result<PlatformRequest>> {
  const request = await context.store.load(id);
  if (!request) return refuse(unknownRequest(id));
  const refusal = refuseEdit(request, by);
  return refusal ? refused(context, request, by, refusal) : ok(request);
}

export async function checkEdit(context: DeskContext, asked: Edit): ReturnType<Desk['checkEdit']> {
  const request = await context.store.load(asked.id);
  if (!request) return refuse(unknownRequest(asked.id));
  const read = await readEdit(context, request, asked);
  return read.ok ? ok(undefined) : refused(context, request, asked.by, read.problem);
}

export async function edit(context: DeskContext, asked: Edit): Promise<Result<PlatformRequest>> {
  return write(context, asked.id, async (request) => {
    try {
      const read = await readEdit(context, request, asked);
      if (!read.ok) return refused(context, request, asked.by, read.problem);
      const { action } = subjectOf(context, request);
      const { verdict, preview, target, digest, plan, evaluation } = await judge(
        context,
        action,
        read.value.subject,
        'submit',
      );
      if (verdict.outcome === 'deny') return refuse(wouldBeDenied(request, verdict));
      const said = { verdict, preview, target, digest, plan } as const;
      const judged = { type: 'judge', ...said, moved: [], quorum: undefined } as const;
      return ok({ commands: [read.value.command, judged], evaluation });
    } catch (error) {
      return refuse(problemFrom(error));
    }
  });
}

interface ReadEdit {
  readonly command: RequestCommand;
  readonly subject: Subject;
}

/** Everything that can be told of an edit without asking the guardrails. */
async function readEdit(
  context: DeskContext,
  request: PlatformRequest,
  { by, input, digest }: Edit,
): Promise<Result<ReadEdit>> {
  const refusal = refuseEdit(request, by);
  if (refusal) return refuse(refusal);
  if (request.digest !== digest) return refuse(outOfDateProblem(request));
  const { action: name, requester, origin, bypass } = request;
  const read = await readAsk(context, {
    ...{ action: name, input, requester, origin },
    ...(bypass === undefined ? {} : { bypass }),
  });
  if (!read.ok) return read;
  const subject: Subject = { ...read.value.subject, id: request.id };
  const { target, notBefore } = subject;
  const command: RequestCommand = {
    ...{ type: 'edit', by, input: subject.input, target },
    ...(notBefore === undefined ? {} : { notBefore }),
    changes: fieldChanges(read.value.action, request.input, subject.input),
  };
  const advanced = advance(request, command, context.clock.now());
  return advanced.ok ? ok({ command, subject }) : advanced;
}

function wouldBeDenied({ id }: PlatformRequest, { reasons }: Verdict): Problem {
  const why = reasons.map(({ text }) => text).join('; ');
  return problem(
    'denied_by_policy',
    `So edited, ${id} would be refused: ${why}.`,
    'It stays as it was, with the answers that it has. Edit it otherwise, or leave it.',
  );
}

function refused(
  { log }: DeskContext,
  request: PlatformRequest,
  by: Person,
  cause: Problem,
): { readonly ok: false; readonly problem: Problem } {
  log.warn({ request: request.id, person: by.id, code: cause.code }, 'an edit was refused');
  return refuse(cause);
}
