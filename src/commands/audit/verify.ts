/** `greenlight audit verify`: whether an audit is as it was written, from an export alone or from the database. */
import { reportLines } from '../../audit/report-words.ts';
import { type AuditReport, createVerifier, type Verifier } from '../../audit/verify.ts';
import { verifyStore } from '../../audit/verify-store.ts';
import type { DatabasePlace } from '../../store/open-store.ts';
import { anchorsIn, linesOf, publicKeys, type Write, withAudit } from './open.ts';

export interface VerifyCommand {
  /** An export; the database when not given. */
  readonly file: string | undefined;
  readonly database: DatabasePlace;
  readonly keys: readonly string[];
  readonly anchors: readonly string[];
}

/**
 * 0: as it was written. 1: not.
 * @throws ProblemError when something that was named cannot be read.
 */
export async function verifyAudit(options: VerifyCommand, write: Write): Promise<0 | 1> {
  const { file, database } = options;
  const [keys, anchors] = await Promise.all([publicKeys(options.keys), anchorsIn(options.anchors)]);
  const report =
    file === undefined
      ? await withAudit(database, (store) => verifyStore(store, { keys, anchors }))
      : await readExport(file, createVerifier({ keys, anchors }));
  for (const line of reportLines(report, { keys: keys.length, anchors: anchors.length })) write(line);
  return report.fault === undefined ? 0 : 1;
}

async function readExport(file: string, verifier: Verifier): Promise<AuditReport> {
  for await (const lines of linesOf(file)) if (!lines.every((line) => verifier.add(line))) break;
  return verifier.end();
}
