/** Chains for the audit's tests: made from sources as the store makes them, with salts that are the same every time. */
import { sha256 } from '../../src/audit/canonical.ts';
import { beginning, type Head, nextEntry } from '../../src/audit/chain.ts';
import { checkpointLine, newSigningKey, readPublicKey, readSigner } from '../../src/audit/checkpoint.ts';
import { exportLines } from '../../src/audit/export-lines.ts';
import { headerLine, lineOf } from '../../src/audit/line.ts';
import { createSelection } from '../../src/audit/selection.ts';
import { type AuditReport, createVerifier, type VerifyOptions } from '../../src/audit/verify.ts';
import type { AuditEntry, AuditSource } from '../../src/core/audit.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { monday } from '../store/example-requests.ts';

export function chainOf(sources: readonly AuditSource[]): AuditEntry[] {
  let head: Head = { position: 0, hash: beginning };
  return sources.map((source, index) => {
    const entry = nextEntry(head, source, sha256(`salt ${index}`).slice(0, 32));
    head = { position: entry.link.position, hash: entry.hash };
    return entry;
  });
}

/** `number` events of three requests in turn. */
export function sources(number: number): AuditSource[] {
  return Array.from({ length: number }, (_, index) => ({
    kind: 'event',
    at: monday + index * 60_000,
    type: 'step_done',
    request: requestIdOf((index % 3) + 1),
    seq: Math.floor(index / 3) + 1,
    body: { type: 'step_done', at: monday + index * 60_000, step: 'run', note: `note ${index}, "quoted" {}` },
  }));
}

export function fullExport(entries: readonly AuditEntry[]): string[] {
  return [headerLine(undefined), ...entries.map(lineOf)];
}

export function verified(lines: readonly string[], options: Partial<VerifyOptions> = {}): AuditReport {
  const verifier = createVerifier({ keys: [], anchors: [], ...options });
  for (const line of lines) if (!verifier.add(line)) break;
  return verifier.end();
}

export function keyPair() {
  const privateKey = newSigningKey();
  const signer = readSigner(privateKey);
  const publicKey = signer && readPublicKey(signer.publicKey);
  if (!signer || !publicKey) throw new Error('a new key could not be read');
  const signed = ({ link, hash }: AuditEntry) => signer.sign({ at: link.at, hash, position: link.position });
  return {
    privateKey,
    signer,
    publicKey,
    signed,
    signedLine: (entry: AuditEntry) => checkpointLine(signed(entry)),
  };
}

export function at<Value>(values: readonly Value[], index: number): Value {
  const value = values.at(index);
  if (value === undefined) throw new Error(`nothing at ${index}`);
  return value;
}

/** A whole export of a store. */
export async function exported(store: Parameters<typeof exportLines>[0]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of exportLines(store, createSelection({}))) lines.push(line);
  return lines;
}
