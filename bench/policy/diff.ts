/** A database of recorded evaluations, judged again under another policy: what `greenlight policy diff` does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { evaluate } from '../../src/approvals/evaluate.ts';
import type { Policy } from '../../src/approvals/policy.ts';
import { startDiff } from '../../src/approvals/policy-diff.ts';
import { openToLook } from '../../src/store/open-database.ts';
import { readEvaluations } from '../../src/store/read-evaluations.ts';
import { cases } from './cases.ts';

/** How long it takes to read and judge so many, in ms of the processor's time. */
export async function diffTime(
  before: Policy,
  after: Policy,
  count: number,
): Promise<{ ms: number; judged: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'greenlight-bench-'));
  try {
    const file = join(folder, 'recorded.db');
    record(file, before, count);
    const startedAt = process.cpuUsage().user;
    const diff = startDiff(after);
    const { db, close } = await openToLook({ file });
    for await (const recorded of readEvaluations(db, 0)) diff.add(recorded);
    await close();
    const { judged } = diff.result();
    return { ms: (process.cpuUsage().user - startedAt) / 1_000, judged };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** With the columns that the store's own table has and the reader reads. */
function record(file: string, policy: Policy, count: number): void {
  const database = new BetterSqlite3(file);
  database.exec(
    'create table evaluations (id integer primary key, request_number int, at int, facts text, verdict text)',
  );
  const insert = database.prepare(
    'insert into evaluations (request_number, at, facts, verdict) values (?, ?, ?, ?)',
  );
  const rows = cases(1_000).map((facts) => [JSON.stringify(facts), JSON.stringify(evaluate(policy, facts))]);
  database.transaction(() => {
    for (let number = 1; number <= count; number += 1)
      insert.run(number, number, ...(rows[number % rows.length] ?? []));
  })();
  database.close();
}
