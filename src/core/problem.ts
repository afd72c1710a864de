/**
 * Anything that stops us. The person reads `sentence` and `next`, which hold nothing secret; the operator finds
 * `detail` in the log, under the same reference id.
 */

export const problemCodes = [
  'bad_input',
  'unknown_action',
  'unknown_request',
  'not_signed',
  'not_a_member',
  'not_eligible',
  'own_request',
  'author_of_change',
  'comment_needed',
  'code_needed',
  'code_wrong',
  'code_locked',
  'code_not_enrolled',
  'codes_off',
  'membership_unknown',
  'already_reviewed',
  'already_ended',
  'not_waiting',
  'not_yours',
  'too_late_to_cancel',
  'nothing_to_withdraw',
  'nothing_changed',
  'other_target',
  'too_many_edits',
  'not_narrower',
  'out_of_date',
  'denied_by_policy',
  'busy',
  'outside_unavailable',
  'outside_refused',
  'not_found',
  'conflict',
  'lock_lost',
  'step_failed',
  'plan_changed',
  'undo_failed',
  'internal',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

export interface Problem {
  readonly code: ProblemCode;
  /** One sentence for the person: what happened. */
  readonly sentence: string;
  /** One sentence for the person: what to do now. */
  readonly next: string;
  /** For the operator's log only. */
  readonly detail?: string;
  /** Field errors of an input, by field path, when the code is `bad_input`; what an answer lacks, `note` or `code`. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly isTransient?: boolean;
  /** How long the other side asks us to wait before that, in milliseconds; only with `isTransient`. */
  readonly retryAfterMs?: number;
}

export function problem(
  code: ProblemCode,
  sentence: string,
  next: string,
  more: Partial<Problem> = {},
): Problem {
  return { ...more, code, sentence, next };
}

/** A problem on its way up through code that awaits. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(cause: Problem, options?: ErrorOptions) {
    super(`${cause.code}: ${cause.sentence}`, options);
    this.problem = cause;
  }
}

/** The problem that an unexpected error is for the person; its text stays in `detail`. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return problem(
    'internal',
    'Something went wrong on our side.',
    'Try again; if it stays, give the reference to the platform team.',
    {
      detail,
      isTransient: true,
    },
  );
}

export type Result<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Problem };

export function ok<Value>(value: Value): Result<Value> {
  return { ok: true, value };
}

export function refuse(cause: Problem): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: cause };
}
