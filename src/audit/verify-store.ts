/** The audit of a whole store, verified as an export of it would be, with what only the store can tell. */
import type { AuditStore } from '../core/audit.ts';
import { exportLines } from './export-lines.ts';
import { faults } from './fault-words.ts';
import { createSelection } from './selection.ts';
import { type AuditReport, createVerifier, type VerifyOptions } from './verify.ts';

/** Reads a page at a time: a history of any length passes through a few megabytes. */
export async function verifyStore(
  store: Pick<AuditStore, 'auditEntries' | 'checkpoints' | 'unchainedEvents'>,
  options: VerifyOptions,
): Promise<AuditReport> {
  const verifier = createVerifier(options);
  for await (const line of exportLines(store, createSelection({}))) if (!verifier.add(line)) break;
  const report = verifier.end();
  const [stray] = await store.unchainedEvents(1);
  if (report.fault !== undefined || !stray) return report;
  return { ...report, fault: faults.unchained(stray.request, stray.seq) };
}
