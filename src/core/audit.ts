/** What the audit is made of: one chain of entries over everything that happened, and checkpoints that sign it. */
import type { Moment, RequestId } from './ids.ts';
import type { ProblemError } from './problem.ts';

/** `chain` says something of the chain itself: what it began with, and what was taken out of it by a rule. */
export const auditKinds = ['event', 'refusal', 'chain'] as const;
export type AuditKind = (typeof auditKinds)[number];

/** What joins the chain, before it has a place there. */
export interface AuditSource {
  readonly kind: AuditKind;
  readonly at: Moment;
  /** The event's type, the refusal's code; `begun` or `redacted` of the chain itself. */
  readonly type: string;
  readonly request?: RequestId;
  /** Of an event within its request, of a refusal among refusals. */
  readonly seq?: number;
  /** What JSON can hold. */
  readonly body: unknown;
}

/** The part of an entry that its hash covers, and that is never taken out. Hashes are SHA-256 in lower-case hex. */
export interface AuditLink extends Omit<AuditSource, 'body'> {
  /** Of which form the link, and the open part of the body, are (audit/open-part.ts). */
  readonly form: 1;
  /** From 1, without holes. */
  readonly position: number;
  /** The hash of the entry before. */
  readonly previous: string;
  /** The hash of the body's open part: what is left after a redaction. */
  readonly open: string;
  /** The hash of the salt and the whole body. */
  readonly seal: string;
}

export interface AuditEntry {
  readonly link: AuditLink;
  readonly hash: string;
  /** None once the body was redacted: whoever guesses what it was cannot try it out. */
  readonly salt: string | null;
  /** Whole with a salt, its open part without; `null` when not even that is kept. */
  readonly body: unknown;
}

/** A statement that the chain had this hash at this position at that moment. */
export interface Checkpoint {
  readonly at: Moment;
  readonly form: 1;
  readonly hash: string;
  /** Of which key the signature is: the first 16 hex digits of the SHA-256 of the public key. */
  readonly key: string;
  readonly position: number;
}

export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** Ed25519 over the canonical JSON of the checkpoint, in base64. */
  readonly signature: string;
}

/** What a body of type `redacted` says: which entries have lost their content, by which rule. */
export interface RedactionNote {
  readonly rule: string;
  /** First and last position of each run. */
  readonly positions: readonly (readonly [number, number])[];
}

export interface Redacted {
  readonly requests: number;
  readonly events: number;
  /** Those that could not be read any more afterwards, and so stay as they are. */
  readonly left: readonly RequestId[];
  /** The last that was looked at; nothing when there was none. */
  readonly last?: RequestId;
}

export interface NewestCheckpoint {
  readonly signed?: SignedCheckpoint;
  /** Why one that is newer was passed by. */
  readonly unreadable?: ProblemError | undefined;
}

/** The audit as it is kept. Reads come oldest first; each is at most `limit` long. */
export interface AuditStore {
  auditHead(): Promise<{ readonly position: number; readonly hash: string }>;
  auditEntries(after: number, limit: number): Promise<readonly AuditEntry[]>;
  /** With the refusals that were about it. */
  auditEntriesOf(request: RequestId): Promise<readonly AuditEntry[]>;
  /** Events that stand in a request and not in the chain: nobody but a stray hand writes those. */
  unchainedEvents(limit: number): Promise<readonly { readonly request: RequestId; readonly seq: number }[]>;
  /** @throws ProblemError naming the position of one that cannot be read, or stands at another than it signs. */
  checkpoints(after: number, limit: number): Promise<readonly SignedCheckpoint[]>;
  /** The newest behind a position that is wanted. What cannot be read is passed by: one row must not end all signing. */
  newestCheckpoint(after: number, isWanted: (signed: SignedCheckpoint) => boolean): Promise<NewestCheckpoint>;
  /** `false` when there is one of that position already. */
  addCheckpoint(signed: SignedCheckpoint): Promise<boolean>;
  /** Up to where a follower was told; 0 at first. */
  cursor(name: string): Promise<number>;
  /** `false`, and nothing is written, when somebody else has moved it since. */
  moveCursor(name: string, from: number, to: number): Promise<boolean>;
  /**
   * Takes the personal and free parts out of requests that are over, last touched before `before` and asked by `person`
   * if given, and notes it in the chain. At most `limit` requests, in their order, from the one behind `after` on.
   */
  redactRequests(
    which: { readonly before: Moment; readonly person?: string; readonly after?: RequestId },
    rule: string,
    now: Moment,
    limit: number,
  ): Promise<Redacted>;
  /**
   * Deletes what the guardrails said of looks before `before`, of those by `person` if given, at most `limit` in one
   * transaction: no request has them, and no chain. How many they were.
   */
  forgetLooks(which: { readonly before: Moment; readonly person?: string }, limit: number): Promise<number>;
  /** Deletes what requests have lent that are redacted by now, where that is over. */
  forgetDelegations(now: Moment): Promise<void>;
}
