/** Redacts whatever a rule speaks of, some requests at a time, so that nobody waits long for the database. */
import type { AuditStore, Redacted } from '../core/audit.ts';
import type { RequestId } from '../core/ids.ts';

/** Each batch is one transaction of about 20 ms, and one note in the chain. */
const requestsPerBatch = 25;

export async function redactAll(
  store: Pick<AuditStore, 'redactRequests'>,
  which: Parameters<AuditStore['redactRequests']>[0],
  rule: string,
  now: number,
): Promise<Omit<Redacted, 'last'>> {
  const left: RequestId[] = [];
  let requests = 0;
  let events = 0;
  for (let after: RequestId | undefined; ; ) {
    const from = after === undefined ? which : { ...which, after };
    const done = await store.redactRequests(from, rule, now, requestsPerBatch);
    if (done.last === undefined) return { requests, events, left };
    requests += done.requests;
    events += done.events;
    left.push(...done.left);
    after = done.last;
  }
}
