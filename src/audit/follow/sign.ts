/** Signs how far the chain has come, after looking at what has joined it since the last time. */
import type { AuditEntry, AuditStore, SignedCheckpoint } from '../../core/audit.ts';
import type { Clock, Log } from '../../core/ports.ts';
import type { Signer } from '../checkpoint.ts';
import { lineOf } from '../line.ts';
import { createVerifier } from '../verify.ts';

export interface SignOptions {
  readonly store: Pick<AuditStore, 'auditHead' | 'auditEntries' | 'checkpoints' | 'addCheckpoint'>;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly log: Log;
}

const pageSize = 1_000;
/** Without a checkpoint to go on from, so many of the newest are looked at: `audit verify` looks at all. */
const firstLookMax = 10_000;

/**
 * Never signs what it has seen to be wrong: from the last checkpoint on, every entry must follow and must be as it was
 * written, and the last checkpoint must still be true.
 */
export function createSigning({ store, signer, clock, log }: SignOptions): () => Promise<void> {
  let newest: SignedCheckpoint | undefined;

  return async () => {
    const head = await store.auditHead();
    newest = await newestOf(store, newest);
    const signedUpTo = newest?.checkpoint.position ?? 0;
    if (head.position === 0 || head.position === signedUpTo) return;
    const verifier = createVerifier({ keys: [], anchors: newest ? [newest] : [] });
    const from = newest ? signedUpTo - 1 : Math.max(0, head.position - firstLookMax);
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
    await store.addCheckpoint(signer.sign({ at: clock.now(), hash: last.hash, position }));
  };
}

async function newestOf(
  store: SignOptions['store'],
  known: SignedCheckpoint | undefined,
): Promise<SignedCheckpoint | undefined> {
  let newest = known;
  for (;;) {
    const page = await store.checkpoints(newest?.checkpoint.position ?? 0, pageSize);
    if (page.length === 0) return newest;
    newest = page.at(-1);
  }
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
