/** The second factor of an answer or an emergency: looked at once, last, and spent in the transaction that writes it. */
import { wantsFactor } from '../approvals/break-glass.ts';
import type { CodeUse } from '../core/codes.ts';
import type { Person } from '../core/person.ts';
import { ok, problem, type Result, refuse } from '../core/problem.ts';
import type { Requirement, Review } from '../core/verdict.ts';
import type { DeskContext } from './context.ts';
import type { Ask } from './desk.ts';
import { standingOf } from './standing.ts';

export interface FactorAsked {
  readonly by: Person;
  readonly decision: Review['decision'];
  /** As it was typed; of no use once it was spent, and written nowhere. */
  readonly code?: string;
}

/** Checks the code against what is required now; `undefined` when nothing of it wants one, and then none is tried. */
export type Factor = (requirements: readonly Requirement[]) => Promise<Result<CodeUse | undefined>>;

/**
 * One try for one click: when another writer comes first everything is decided again, but the code was right or wrong
 * already. A no needs no code: it harms nothing that a stolen session could not ask for again, and must stay easy.
 */
export function factorOf({ codes }: DeskContext, { by, decision, code = '' }: FactorAsked): Factor {
  let checked: Promise<Result<CodeUse>> | undefined;
  return async (requirements) => {
    const isWanted = decision === 'approve' && requirements.some(({ stepUp }) => stepUp);
    if (!isWanted) return ok(undefined);
    checked ??= codes.check(by, code);
    return checked;
  };
}

/** Of an emergency, before anything is written; `undefined` when none is wanted. */
export async function factorOfEmergency(
  context: DeskContext,
  { bypass, requester, code }: Pick<Ask, 'bypass' | 'requester' | 'code'>,
  action: string,
): Promise<Result<CodeUse | undefined>> {
  const { groups } = standingOf(context, requester);
  // Whose groups are not known breaks no glass at all.
  const isWanted =
    bypass?.kind === 'break_glass' && groups !== 'unknown' && wantsFactor(context.policy(), action, groups);
  if (!isWanted) return ok(undefined);
  return code === undefined ? refuse(codeForEmergency()) : context.codes.check(requester, code);
}

function codeForEmergency() {
  return problem(
    'code_needed',
    'Breaking glass here needs a code of your authenticator app.',
    'Type it in the form that opens.',
  );
}
