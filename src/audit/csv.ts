/** Entries as rows of a spreadsheet. Pure. */
import { stringify } from 'csv-stringify/sync';
import type { AuditEntry } from '../core/audit.ts';
import { redactSecrets } from '../core/redact.ts';
import { type EntryFacts, factNames, factsOf } from './entry-facts.ts';

export function csvHeader(): string {
  return factNames.join(',');
}

/** Rows in the order of the chain: what a request is about stands in each of its rows, as it was by then. */
export function createCsvRows(): (entry: AuditEntry) => string {
  const about = new Map<string, Pick<EntryFacts, (typeof ofRequest)[number]>>();
  return (entry) => {
    const facts = factsOf(entry);
    const { request } = entry.link;
    const known = request === undefined ? undefined : about.get(request);
    if (request !== undefined && facts.target !== '' && entry.link.kind === 'event') {
      const { action = facts.action } = known ?? {};
      const { service, target, tier } = facts;
      about.set(request, { action, service, target, tier });
    }
    const of = facts.action === '' && request !== undefined ? about.get(request) : undefined;
    return rowOf({ ...facts, ...of });
  };
}

const ofRequest = ['action', 'service', 'target', 'tier'] as const;

/** A spreadsheet runs what begins like a formula, so such a cell gets an apostrophe (OWASP, CSV injection). */
function rowOf(facts: EntryFacts): string {
  const cells = factNames.map((name) => redactSecrets(facts[name]).replace(innerFormula, "'$&"));
  return stringify([cells], { escape_formulas: true, quoted_match: /[\r\n]/, eof: false });
}

/**
 * What would begin like one in a cell of its own: whether quotes keep a cell together depends on the separator, and where
 * that is `;` (most of Europe), or is chosen at the import, a spreadsheet cuts within ours. The sign is looked for first and
 * what stands before it last: begun at the separator, a cell of nothing but line breaks is read once for each of them.
 */
const innerFormula = /[=+\-@\uFF1D\uFF0B\uFF0D\uFF20](?<=[;|\t\r\n][\s"]*.)/g;
