/** Rows of the audit on their way in and out. */
import { z } from 'zod';
import { readCheckpoint } from '../audit/checkpoint.ts';
import { type AuditEntry, auditKinds, type SignedCheckpoint } from '../core/audit.ts';
import { requestIdOf } from '../core/ids.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { numberOf } from './request-rows.ts';
import type { AuditTable } from './schema.ts';

/** The body stands where it came from, an event or a refusal; only what the chain says of itself stands here. */
export function rowOfEntry({ link, hash, salt, body }: AuditEntry): AuditTable {
  const { position, kind, at, type, open, seal, request, seq } = link;
  return {
    ...{ position, kind, at, type, open, seal, salt, hash },
    request_number: request === undefined ? null : numberOf(request),
    seq: seq ?? null,
    body: kind === 'chain' ? JSON.stringify(body) : null,
  };
}

const entryRowSchema = z.object({
  position: z.number(),
  kind: z.enum(auditKinds),
  at: z.number(),
  type: z.string(),
  request_number: z.int().nullable(),
  seq: z.int().nullable(),
  open: z.string(),
  seal: z.string(),
  salt: z.string().nullable(),
  hash: z.string(),
  previous: z.string(),
  /** From wherever it stands; `null` when it is gone. */
  text: z.string().nullable(),
});

/**
 * What cannot be an entry any more is given all the same where that is possible: it is for `verify` to say what is wrong.
 * @throws ProblemError naming the position when it is not.
 */
export function readEntry(row: unknown): AuditEntry {
  const read = entryRowSchema.safeParse(row);
  if (!read.success) throw unreadable(row, z.prettifyError(read.error));
  const { request_number, seq, hash, salt, text, ...said } = read.data;
  const link = {
    ...said,
    form: 1,
    ...(request_number === null ? {} : { request: requestIdOf(request_number) }),
    ...(seq === null ? {} : { seq }),
  } as const;
  return { link, hash, salt, body: bodyOf(text) };
}

/** Text that is no JSON is a body that cannot be the one that was sealed. */
export function bodyOf(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return { unreadable: text };
  }
}

const checkpointRowSchema = z.object({ position: z.number(), body: z.string() });

/**
 * Only under the position that it signs: whoever reads on after the one while the database goes by the other reads it for
 * ever.
 * @throws ProblemError naming the position.
 */
export function readCheckpointRow(row: unknown): SignedCheckpoint {
  const { position, body } = checkpointRowSchema.safeParse(row).data ?? {};
  const signed = body === undefined ? undefined : readCheckpoint(bodyOf(body));
  if (!signed) throw unreadable(row, 'its checkpoint is none');
  if (signed.checkpoint.position !== position)
    throw unreadable(row, `its checkpoint is that of event ${signed.checkpoint.position}`);
  return signed;
}

function unreadable(row: unknown, why: string): ProblemError {
  const position = z.object({ position: z.unknown() }).safeParse(row).data?.position;
  return new ProblemError(
    problem(
      'internal',
      `The audit cannot be read at position ${String(position)}.`,
      'Somebody has written into the database: compare it with its last backup.',
      { detail: why },
    ),
  );
}
