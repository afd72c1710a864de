/** Redacts whatever a rule speaks of, some of it at a time, so that nobody waits long for the database. */
import type { AuditStore, Redacted } from '../core/audit.ts';
import type { RequestId } from '../core/ids.ts';

/** Each batch is one transaction of about 20 ms, and one note in the chain. */
const requestsPerBatch = 25;
/** These are only deleted: as many take no longer. */
const looksPerBatch = 500;

export interface RedactedAll extends Omit<Redacted, 'last'> {
  /** Of which what the guardrails said was deleted. */
  readonly looks: number;
}

export async function redactAll(
  store: Pick<AuditStore, 'redactRequests' | 'forgetLooks' | 'forgetDelegations'>,
  which: Parameters<AuditStore['redactRequests']>[0],
  rule: string,
  now: number,
): Promise<RedactedAll> {
  const left: RequestId[] = [];
  let requests = 0;
  let events = 0;
  for (let after: RequestId | undefined; ; ) {
    const from = after === undefined ? which : { ...which, after };
    const done = await store.redactRequests(from, rule, now, requestsPerBatch);
    if (done.last === undefined) break;
    requests += done.requests;
    events += done.events;
    left.push(...done.left);
    after = done.last;
  }
  const looks = await store.forgetLooks(which, looksPerBatch);
  // After the requests: it goes by which of them are redacted.
  await store.forgetDelegations(now);
  return { requests, events, looks, left };
}
