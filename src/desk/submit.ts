/** From an ask to a verdict: check it, write it down, judge it. */

import { evaluate } from '../approvals/evaluate.ts';
import { mayAsk } from '../approvals/may-ask.ts';
import type { Action, Answer } from '../core/action.ts';
import type { Moment, RequestId } from '../core/ids.ts';
import { badInput } from '../core/input-mistakes.ts';
import { obstacleText } from '../core/lock-words.ts';
import type { Person, PersonKind } from '../core/person.ts';
import { ok, type Problem, problem, problemFrom, type Result, refuse } from '../core/problem.ts';
import type { AskedAs, PlatformRequest, RequestEvent } from '../core/request.ts';
import type { Claim } from '../core/store.ts';
import { didYouMean, listOf } from '../core/text.ts';
import { type DeskContext, environmentRecords, readContext, targetContext } from './context.ts';
import type { Ask, Desk, Forecast } from './desk.ts';
import { presetsOf, withCheckedValues } from './further.ts';
import { gatherFacts, type Subject } from './gather-facts.ts';
import { offersFor, readBypass } from './glass.ts';
import { judge, judgeCommand, subjectOf } from './judge.ts';
import { obstacles } from './locks.ts';
import { writeOrStall } from './stall.ts';
import { standingOf } from './standing.ts';
import { factorOfEmergency } from './step-up.ts';
import type { Decision } from './write.ts';

export async function submit(context: DeskContext, ask: Ask): Promise<Result<PlatformRequest>> {
  const read = await readAsk(context, ask);
  if (!read.ok) return read;
  const { action, subject, askedAs } = read.value;
  if (action.effect === 'read') return refuse(notARequest(subject.actionName));
  const factor = await factorOfEmergency(context, ask, subject.actionName);
  if (!factor.ok) return factor;
  const bypass = subject.bypass && {
    ...subject.bypass,
    ...(factor.value ? { factor: 'code' as const } : {}),
  };
  const first = (id: RequestId): readonly RequestEvent[] => [
    {
      type: 'requested',
      at: context.clock.now(),
      id,
      action: subject.actionName,
      effect: action.effect,
      input: subject.input,
      target: subject.target,
      requester: subject.requester,
      origin: ask.origin,
      channel: action.channel,
      ...(subject.notBefore === undefined ? {} : { notBefore: subject.notBefore }),
      ...(ask.follows === undefined ? {} : { follows: ask.follows }),
      ...(ask.onBehalfOf === undefined ? {} : { onBehalfOf: ask.onBehalfOf }),
      ...(askedAs === undefined ? {} : { askedAs }),
      ...(ask.end === undefined ? {} : { end: ask.end }),
      ...(bypass === undefined ? {} : { bypass }),
    },
  ];
  const { request, isNew } = await context.store.create(ask.key, first, factor.value);
  if (isNew)
    context.log.info(
      { request: request.id, action: request.action, requester: request.requester.id },
      'requested',
    );
  return ok(request);
}

export async function decide(
  context: DeskContext,
  id: RequestId,
  claim?: Claim,
): Promise<Result<PlatformRequest>> {
  const judged = async (request: PlatformRequest): Promise<Decision> => {
    if (request.status !== 'submitted') return { commands: [] };
    const { action, subject } = subjectOf(context, request);
    const judgement = await judge(context, action, subject, 'submit');
    const command = judgeCommand(request, judgement, undefined);
    return { commands: command ? [command] : [], evaluation: judgement.evaluation };
  };
  return writeOrStall(context, id, judged, claim);
}

export async function forecast(
  context: DeskContext,
  ask: Parameters<Desk['forecast']>[0],
): Promise<Result<Forecast>> {
  const read = await readAsk(context, ask);
  if (!read.ok) return read;
  const { action } = read.value;
  const subject: Subject = {
    ...asIfWithFactor(read.value.subject),
    ...(ask.edits === undefined ? {} : { id: ask.edits }),
  };
  if (action.effect === 'read') return refuse(notARequest(subject.actionName));
  try {
    const judgement = await judge(context, action, subject, 'submit');
    const { verdict, preview, limits } = judgement;
    const bypasses = await offersFor(context, subject.requester, judgement);
    const behind = await obstacles(context, subject);
    const waits = behind.length === 0 ? [] : [`It would wait: ${listOf(behind.map(obstacleText))}.`];
    return ok({
      verdict,
      limits,
      bypasses,
      preview: { ...preview, cautions: [...waits, ...preview.cautions] },
    });
  } catch (error) {
    return refuse(problemFrom(error));
  }
}

/** In a form the code comes last: what would happen is shown as if it were there. */
function asIfWithFactor({ bypass, ...subject }: Subject): Subject {
  return bypass ? { ...subject, bypass: { ...bypass, factor: 'code' } } : subject;
}

export async function answer(context: DeskContext, ask: Ask): Promise<Result<Answer>> {
  const read = await readAsk(context, ask);
  if (!read.ok) return read;
  const { action, subject } = read.value;
  if (action.effect !== 'read') return refuse(notARead(subject.actionName));
  try {
    const facts = await gatherFacts(context, subject, {});
    const verdict = evaluate(context.policy(), facts);
    const evaluation = { stage: 'read', at: context.clock.now(), facts, verdict } as const;
    if (!ask.isRepeated) await context.store.recordEvaluation(evaluation);
    if (verdict.outcome !== 'allow') return refuse(readDenied(action.title, verdict.reasons[0]?.text));
    return ok(await action.answer(subject.input, readContext(context, subject.requester)));
  } catch (error) {
    return refuse(problemFrom(error));
  }
}

/** Checked for the person at the door, the action, the input and the target, in this order. */
export async function readAsk(
  context: DeskContext,
  ask: Omit<Ask, 'key'>,
): Promise<Result<{ action: Action; subject: Subject; askedAs?: AskedAs }>> {
  const unwelcome = refuseStranger(ask.requester);
  if (unwelcome) return refuse(unwelcome);
  const action = context.actions.get(ask.action);
  if (!action) return refuse(unknownAction(ask.action, context.actions.keys()));
  const standing = standingOf(context, ask.requester);
  // Greenlight's own asks (an environment whose time is over) are judged by the rules alone: it reads no help.
  const isOwn = ask.requester.kind === 'system';
  if (!isOwn && !mayAsk(context.policy(), ask.action, standing)) return refuse(nobodyMay(action.title));

  const presets = presetsOf(action, ask.input, context.catalog());
  const parsed = action.input.safeParse({ ...presets, ...ask.input });
  if (!parsed.success) return refuse(badInput(action, parsed.error.issues));
  const known = await targetContext(context, ask.requester);
  const target = action.target(parsed.data, known);
  if (!target.ok) return target;
  const bypass = readBypass(ask.bypass);
  if (!bypass.ok) return bypass;
  const begins = beginOf(context, action, parsed.data as never, ask.requester);
  if (!begins.ok) return begins;
  if (action.restated) {
    const records = await environmentRecords(context.store);
    const restated = action.restated(parsed.data, { ...known, records });
    if (!restated.ok) return restated;
    const read = await readAsk(context, { ...ask, ...restated.value });
    const askedAs = { action: ask.action, input: parsed.data };
    return read.ok ? ok({ ...read.value, askedAs }) : read;
  }
  // After the target, which says better of a blueprint that does not exist that it does not.
  const input = withCheckedValues(action, parsed.data, context.catalog());
  if (!input.ok) return input;
  return ok({
    action,
    subject: {
      actionName: ask.action,
      action,
      input: input.value,
      target: target.value,
      requester: ask.requester,
      ...(begins.value === undefined ? {} : { notBefore: begins.value }),
      ...(bypass.value === undefined ? {} : { bypass: bypass.value }),
    },
  });
}

/** Read once, when it is asked for: "in 2h" is counted from then. */
function beginOf(
  { catalog, clock }: DeskContext,
  action: Action,
  input: never,
  { timeZone }: Person,
): Result<Moment | undefined> {
  if (action.effect === 'read') return ok(undefined);
  return action.notBefore?.(input, { now: clock.now(), zone: timeZone ?? catalog().zone }) ?? ok(undefined);
}

const strangers: Record<Exclude<PersonKind, 'member' | 'system'>, string> = {
  guest: 'Guests of this workspace cannot ask for this.',
  outside: 'Only members of this workspace can ask for this; you belong to another one.',
  bot: 'Bots cannot ask for this.',
  deactivated: 'This account is deactivated.',
};

/** `undefined` for those who may ask. */
export function refuseStranger(person: Person): Problem | undefined {
  if (person.kind === 'member' || person.kind === 'system') return undefined;
  return problem('not_a_member', strangers[person.kind], 'Ask a member of the team to do it for you.');
}

function unknownAction(name: string, known: Iterable<string>): Problem {
  return problem(
    'unknown_action',
    `There is no action "${name}".${didYouMean(name, known)}`,
    'Type `help` after any command.',
  );
}

function nobodyMay(title: string): Problem {
  return problem(
    'denied_by_policy',
    `${title}: the guardrails do not let you ask for this.`,
    'Ask the platform team to change that.',
  );
}

function readDenied(title: string, reason = 'the guardrails do not allow it'): Problem {
  return problem('denied_by_policy', `${title}: ${reason}.`, 'Ask one of them, or the platform team.');
}

function notARequest(name: string): Problem {
  return problem(
    'bad_input',
    `${name} only reads; there is nothing to request.`,
    'Ask for its answer instead.',
  );
}

function notARead(name: string): Problem {
  return problem('bad_input', `${name} changes something; it must be requested.`, 'Request it instead.');
}
