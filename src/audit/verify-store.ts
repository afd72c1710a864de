/** The audit of a whole store, verified as an export of it would be, with what only the store can tell. */
import type { AuditEntry, AuditStore } from '../core/audit.ts';
import type { Head } from './chain.ts';
import { exportLines } from './export-lines.ts';
import { eventName, faults } from './fault-words.ts';
import { createSelection } from './selection.ts';
import { type AuditReport, createVerifier, type VerifyOptions } from './verify.ts';

export type VerifiedStore = Pick<
  AuditStore,
  'auditHead' | 'auditEntries' | 'checkpoints' | 'unchainedEvents'
>;

/** Reads a page at a time: a history of any length passes through a few megabytes. */
export async function verifyStore(store: VerifiedStore, options: VerifyOptions): Promise<AuditReport> {
  const verifier = createVerifier(options);
  // Before the entries, as a bot may write meanwhile: then they go further than this, and never less far.
  const head = await store.auditHead();
  let atHead: AuditEntry | undefined;
  const seen = {
    checkpoints: store.checkpoints,
    auditEntries: async (after: number, limit: number) => {
      const page = await store.auditEntries(after, limit);
      atHead ??= page.find(({ link }) => link.position === head.position);
      return page;
    },
  };
  for await (const line of exportLines(seen, createSelection({}))) if (!verifier.add(line)) break;
  const report = verifier.end();
  const fault = report.fault ?? (await strayFault(store)) ?? (await headFault(store, report, head, atHead));
  return fault === undefined ? report : { ...report, fault };
}

/** Whether nothing has happened yet: no event, no entry, and a head that says so. */
export async function isUnwritten(store: VerifiedStore): Promise<boolean> {
  const { position } = await store.auditHead();
  const [entry] = await store.auditEntries(lowest, 1);
  const [stray] = await store.unchainedEvents(1);
  return position === 0 && !entry && !stray;
}

const lowest = Number.MIN_SAFE_INTEGER;

async function strayFault(store: VerifiedStore): Promise<string | undefined> {
  const [stray] = await store.unchainedEvents(1);
  if (stray) return faults.unchained(stray.request, stray.seq);
  const [first] = await store.auditEntries(lowest, 1);
  return first && first.link.position < 1 ? faults.beforeFirst(eventName(first.link)) : undefined;
}

/** Every writer moves the head with what it writes: where the two part, entries were deleted at the end or put there. */
async function headFault(
  store: VerifiedStore,
  { last }: AuditReport,
  head: Head,
  atHead: AuditEntry | undefined,
): Promise<string | undefined> {
  const end = last?.position ?? 0;
  if (end < head.position) return faults.headElsewhere(end, head.position);
  if (atHead && atHead.hash !== head.hash) return faults.otherThanHead(eventName(atHead.link));
  const newest = await store.auditHead();
  return end > newest.position ? faults.headElsewhere(end, newest.position) : undefined;
}
