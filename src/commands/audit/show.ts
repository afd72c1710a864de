/** `greenlight audit show REQ-12`: one request as the audit has it, each entry checked by itself. */
import { type EntryFacts, factsOf } from '../../audit/entry-facts.ts';
import { inOneLine, moment } from '../../audit/fault-words.ts';
import { headerLine, lineOf } from '../../audit/line.ts';
import { redacted } from '../../audit/open-part.ts';
import { createVerifier } from '../../audit/verify.ts';
import type { AuditEntry } from '../../core/audit.ts';
import { readRequestId } from '../../core/ids.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import type { DatabasePlace } from '../../store/open-store.ts';
import { type Write, withAudit } from './open.ts';

/**
 * 0: every entry is as it was written. 1: one is not.
 * @throws ProblemError `unknown_request`
 */
export async function showAudit(
  { database, request }: { readonly database: DatabasePlace; readonly request: string },
  write: Write,
): Promise<0 | 1> {
  const id = readRequestId(request);
  const entries = id === undefined ? [] : await withAudit(database, (store) => store.auditEntriesOf(id));
  if (id === undefined || entries.length === 0) {
    throw new ProblemError(
      problem(
        'unknown_request',
        `The audit has nothing of ${id ?? `"${inOneLine(request)}"`}.`,
        'Name a request like REQ-12.',
      ),
    );
  }
  for (const entry of entries) write(lineOfFacts(entry));
  const verifier = createVerifier({ keys: [], anchors: [] });
  for (const line of [headerLine(id), ...entries.map(lineOf)]) verifier.add(line);
  const { fault } = verifier.end();
  write(fault ?? 'Each is as it was written; whether all of the chain is, `greenlight audit verify` says.');
  return fault === undefined ? 0 : 1;
}

function lineOfFacts(entry: AuditEntry): string {
  const facts = factsOf(entry);
  const shown = (['action', 'service', 'target', 'decision', 'rules', 'note'] as const)
    .filter((name) => isTold(facts[name]))
    .map((name) => `${name}: ${inOneLine(facts[name])}`);
  const words = [`#${facts.position}`, moment(entry.link.at), inOneLine(facts.type), whoIn(facts), ...shown];
  const rest = entry.salt === null ? ['(redacted)'] : [];
  return [...words.filter((word) => word !== ''), ...rest, facts.hash.slice(0, 12)].join('  ');
}

function whoIn({ person, name, email }: EntryFacts): string {
  if (!isTold(person)) return '';
  const more = [person, email].filter(isTold).join(', ');
  return name === '' ? `by ${inOneLine(person)}` : `by ${inOneLine(name)} (${inOneLine(more)})`;
}

function isTold(text: string): boolean {
  return text !== '' && text !== redacted;
}
