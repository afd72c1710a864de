/** Redacts whatever a rule speaks of, some requests at a time, so that nobody waits long for the database. */
import type { AuditStore, Redacted } from '../core/audit.ts';

/** Each batch is one transaction of about 20 ms, and one note in the chain. */
const requestsPerBatch = 25;

export async function redactAll(
  store: Pick<AuditStore, 'redactRequests'>,
  which: Parameters<AuditStore['redactRequests']>[0],
  rule: string,
  now: number,
): Promise<Redacted> {
  let requests = 0;
  let events = 0;
  for (;;) {
    const done = await store.redactRequests(which, rule, now, requestsPerBatch);
    requests += done.requests;
    events += done.events;
    if (done.requests < requestsPerBatch) return { requests, events };
  }
}
