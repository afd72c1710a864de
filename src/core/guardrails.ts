/** What the guardrails tell of themselves, as actions ask them. Plain text throughout. */
import type { Moment, RequestId } from './ids.ts';
import type { Outcome } from './verdict.ts';

/** One rule, as it stands towards somebody or something. */
export interface RuleLine {
  /** Its id in the policy file. */
  readonly id: string;
  readonly mode: 'enforce' | 'warn' | 'shadow';
  readonly kind: 'allow' | 'deny' | 'require' | 'hold';
  /** "more than 4 CPU: needs 1 approval from Platform leads". */
  readonly text: string;
  /** Names of the actions it speaks of. */
  readonly actions: readonly string[];
  /** Whether the reader is one of those whom it asks. */
  readonly asksReader: boolean;
}

export interface Explanation {
  /** What was explained: "REQ-12", or the line. */
  readonly of: string;
  readonly outcome: Outcome;
  /** "Needs 1 approval from Platform leads: more than 4 CPU". */
  readonly sentence: string;
  /** Why each rule counts or does not. */
  readonly rules: readonly { readonly id: string; readonly counts: boolean; readonly why: string }[];
  /** What would let it run. */
  readonly ways: readonly string[];
}

/** Of the requests of one span; shares from 0 to 1, times in milliseconds. */
export interface PolicyReport {
  readonly requests: number;
  /** Of those that were let through: how many needed nobody. */
  readonly ranByThemselves: number;
  readonly letThrough: number;
  /** Of those as well: how many went past the guardrails, as emergencies. */
  readonly emergencies: number;
  readonly refused: number;
  /** From asking to the last yes, half of them took less; nothing when nobody had to be asked. */
  readonly medianMs: number | undefined;
  /** Rules that only record, and how many requests each would have spoken of. */
  readonly shadows: readonly { readonly rule: string; readonly requests: number }[];
  /** Rules of changes that spoke of no request. */
  readonly silent: readonly string[];
  /** Rules whose approvals were all given within a minute: they could be automatic. */
  readonly quick: readonly { readonly rule: string; readonly requests: number }[];
  /** How often somebody only looked. */
  readonly reads: number;
  /** Emergencies that nobody has looked at yet, whenever they were; the oldest first. */
  readonly debts: readonly { readonly id: RequestId; readonly by: string; readonly brokenAt: Moment }[];
}

export interface Guardrails {
  /** Those that can speak of what the reader may ask for, or that ask them. */
  concerning(): readonly RuleLine[];
  /**
   * What they say of a request (`REQ-12`) or a command line (`/deploy payments v1.4.2 to production`), asked for now.
   * @throws ProblemError when there is no such request or the line cannot be read.
   */
  explain(asked: string): Promise<Explanation>;
  /** Of the last so many milliseconds. */
  report(spanMs: number): Promise<PolicyReport>;
}
