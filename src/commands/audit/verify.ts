/** `greenlight audit verify`: whether an audit is as it was written, from an export alone or from the database. */
import { exportLines } from '../../audit/export-lines.ts';
import { faults } from '../../audit/fault-words.ts';
import { reportLines } from '../../audit/report-words.ts';
import { createSelection } from '../../audit/selection.ts';
import { createVerifier, type Verifier } from '../../audit/verify.ts';
import { anchorsIn, linesOf, publicKeys, type Write, withAudit } from './open.ts';

export interface VerifyCommand {
  /** An export; the database when not given. */
  readonly file: string | undefined;
  readonly database: string;
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
  const verifier = createVerifier({ keys, anchors });
  const beside =
    file === undefined ? await readDatabase(database, verifier) : await readExport(file, verifier);
  const report = verifier.end();
  const lines = reportLines(
    beside === undefined || report.fault !== undefined ? report : { ...report, fault: beside },
    { keys: keys.length, anchors: anchors.length },
  );
  for (const line of lines) write(line);
  return report.fault === undefined && beside === undefined ? 0 : 1;
}

async function readExport(file: string, verifier: Verifier): Promise<undefined> {
  for await (const lines of linesOf(file)) if (!lines.every((line) => verifier.add(line))) break;
}

/** With what only the database can tell: an event that is in a request and not in the chain. */
function readDatabase(database: string, verifier: Verifier): Promise<string | undefined> {
  return withAudit(database, async (store) => {
    for await (const line of exportLines(store, createSelection({}))) if (!verifier.add(line)) break;
    const [stray] = await store.unchainedEvents(1);
    return stray && faults.unchained(stray.request, stray.seq);
  });
}
