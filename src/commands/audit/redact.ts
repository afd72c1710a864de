/** `greenlight audit redact`: takes what is personal and free out of requests that are over; the chain stays whole. */

import { redactAll } from '../../audit/redact-all.ts';
import { parseDuration } from '../../core/duration.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { count, listOf } from '../../core/text.ts';
import { type DatabasePlace, openStore } from '../../store/open-store.ts';
import type { Write } from './open.ts';

export interface RedactCommand {
  readonly database: DatabasePlace;
  /** A span: requests that nothing has happened to for so long. */
  readonly olderThan: string;
  /** A chat id: only what they asked for. */
  readonly person?: string;
}

/** @throws ProblemError `bad_input` for a span that is none. */
export async function redactAudit(options: RedactCommand, now: number, write: Write): Promise<void> {
  const { database, olderThan, person } = options;
  const olderThanMs = parseDuration(olderThan);
  if (olderThanMs === undefined) {
    throw new ProblemError(
      problem('bad_input', `"${olderThan}" is not a time span.`, 'Write one like 365d.'),
    );
  }
  // Opened as the bot does: it is a change, and a file that is not there must not be made by it.
  await (await openStore(database, { isReadOnly: true })).close();
  const store = await openStore(database);
  try {
    // Without the person: the chain keeps it for good.
    const rule = person === undefined ? `older than ${olderThan}` : `older than ${olderThan}, of one person`;
    const { requests, events, looks, left } = await redactAll(
      store,
      { before: now - olderThanMs, ...(person === undefined ? {} : { person }) },
      rule,
      now,
    );
    write(`${count(events, 'event')} of ${count(requests, 'request')} redacted, by rule "${rule}".`);
    write(`What the guardrails said of ${count(looks, 'look')} deleted.`);
    if (left.length > 0) write(`Could not be redacted, and stay as they are: ${listOf(left)}.`);
    write('Copies are not reached: backups, exports, what was streamed, and messages in chat.');
  } finally {
    await store.close();
  }
}
