/** Signs how far the chain has come, after looking at what has joined it since the last time. */
import type { AuditEntry, AuditStore, SignedCheckpoint } from '../../core/audit.ts';
import type { Clock, Log } from '../../core/ports.ts';
import type { Signer } from '../checkpoint.ts';
import { lineOf } from '../line.ts';
import { createVerifier } from '../verify.ts';
import { newestWitness } from './witness.ts';

export interface SignOptions {
  readonly store: Pick<AuditStore, 'auditHead' | 'auditEntries' | 'newestCheckpoint' | 'addCheckpoint'>;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly log: Log;
  /** Files on this machine that have checkpoints as well: read until it is known what was signed. */
  readonly witnesses: readonly string[];
}

const pageSize = 1_000;
/** Without a checkpoint to go on from, so many of the newest are looked at: `audit verify` looks at all. */
const firstLookMax = 10_000;

/**
 * Never signs what it has seen to be wrong: from the last checkpoint on, every entry must follow and must be as it was
 * written, and the last checkpoint must still be true. The last is the newest that is known here, in a witness or in the
 * database: whoever has only the database can write the chain anew and delete what contradicts them there.
 */
export function createSigning({ store, signer, clock, log, witnesses }: SignOptions): () => Promise<void> {
  let newest: SignedCheckpoint | undefined;
  let isTold = false;

  /** Those that others have put into the database, or an older key has signed, are none. */
  async function newestAfter(known: SignedCheckpoint | undefined): Promise<SignedCheckpoint | undefined> {
    const found = await store.newestCheckpoint(known?.checkpoint.position ?? 0, signer.verifies);
    if (found.unreadable && !isTold) {
      isTold = true;
      log.error(
        { problem: found.unreadable.problem },
        'a checkpoint cannot be read and is passed by: run `greenlight audit verify`',
      );
    }
    return found.signed ?? known;
  }

  return async () => {
    const head = await store.auditHead();
    newest = await newestAfter(newest ?? (await newestWitness(witnesses, signer)));
    const signedUpTo = newest?.checkpoint.position ?? 0;
    if (head.position === 0 || head.position === signedUpTo) return;
    const verifier = createVerifier({ keys: [], anchors: newest ? [newest] : [] });
    // Where the end is missing, what is left of it says so.
    const from = newest ? Math.min(signedUpTo, head.position) - 1 : Math.max(0, head.position - firstLookMax);
    let last: AuditEntry | undefined;
    for await (const entry of entriesAfter(store, from)) {
      if (!verifier.add(lineOf(entry))) break;
      last = entry;
    }
    const { fault, anchoredUpTo } = verifier.end();
    if (fault !== undefined || !last || anchoredUpTo !== signedUpTo) {
      log.error(
        { fault },
        'the audit is not as it was written, so it is not signed: run `greenlight audit verify`',
      );
      return;
    }
    const { position } = last.link;
    const signed = signer.sign({ at: clock.now(), hash: last.hash, position });
    if (await store.addCheckpoint(signed)) newest = signed;
  };
}

async function* entriesAfter(store: SignOptions['store'], from: number): AsyncGenerator<AuditEntry> {
  for (let after = from; ; ) {
    const page = await store.auditEntries(after, pageSize);
    const last = page.at(-1);
    if (!last) return;
    yield* page;
    after = last.link.position;
  }
}
