/** The lines of an export, oldest first, a page of the store at a time. */
import type { AuditEntry, AuditStore } from '../core/audit.ts';
import { checkpointLine } from './checkpoint.ts';
import { createCsvRows, csvHeader } from './csv.ts';
import { headerLine, lineOf } from './line.ts';
import type { Selection } from './selection.ts';

type Reading = Pick<AuditStore, 'auditEntries' | 'checkpoints'>;

/** What `verify` reads: a header, the entries, and each checkpoint right after the entry that it signs. */
export async function* exportLines(store: Reading, selection: Selection): AsyncGenerator<string> {
  await look(store, selection);
  yield headerLine(selection.words);
  const checkpoints = signedIn(store);
  let next = await checkpoints.next();
  for await (const entry of entriesIn(store)) {
    const isChosen = selection.has(entry);
    if (isChosen) yield lineOf(entry);
    for (
      ;
      !next.done && next.value.checkpoint.position <= entry.link.position;
      next = await checkpoints.next()
    ) {
      if (isChosen) yield checkpointLine(next.value);
    }
  }
  // Signed and not there any more: an export of everything says so, for `verify` to see.
  for (; !next.done && selection.words === undefined; next = await checkpoints.next()) {
    yield checkpointLine(next.value);
  }
}

/** For a spreadsheet, without what it takes to verify. */
export async function* csvLines(store: Reading, selection: Selection): AsyncGenerator<string> {
  await look(store, selection);
  yield csvHeader();
  const rowOf = createCsvRows();
  for await (const entry of entriesIn(store)) {
    const row = rowOf(entry);
    if (selection.has(entry)) yield row;
  }
}

async function look(store: Reading, selection: Selection): Promise<void> {
  if (selection.words === undefined) return;
  for await (const entry of entriesIn(store)) selection.see(entry);
}

/** Until there is no more: what is written meanwhile is in it too. */
async function* entriesIn(store: Reading): AsyncGenerator<AuditEntry> {
  for (let after = 0; ; ) {
    const page = await store.auditEntries(after, pageSize);
    const last = page.at(-1);
    if (!last) return;
    yield* page;
    after = last.link.position;
  }
}

async function* signedIn(store: Reading) {
  for (let after = 0; ; ) {
    const page = await store.checkpoints(after, pageSize);
    const last = page.at(-1);
    if (!last) return;
    yield* page;
    after = last.checkpoint.position;
  }
}

const pageSize = 1_000;
