/**
 * What the audit costs and how fast it is checked: appends with the chain beside the same appends without it, in one run
 * and in turns, in memory (the processor's cost) and on disk (what people wait for); then an export verified from a file.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nextEntry } from '../src/audit/chain.ts';
import { headerLine, lineOf } from '../src/audit/line.ts';
import { verifyAudit } from '../src/commands/audit/verify.ts';
import { requestIdOf } from '../src/core/ids.ts';
import { openSqliteStore } from '../src/store/sqlite.ts';
import { evaluated, monday, submit, write } from '../test/store/example-requests.ts';
import { median } from './median.ts';

/** Events verified in a second: of the decision 0013. */
const perSecondMin = 200_000;
/** One time alone says how busy the machine was. */
const times = 3;

const folder = await mkdtemp(join(tmpdir(), 'greenlight-bench-'));
try {
  await appends(':memory:', 3_000);
  await appends('disk', 500);
  await verifying(400_000);
} finally {
  await rm(folder, { recursive: true });
}

/** A submit and a verdict, over and over: two transactions, two events. */
async function appends(where: ':memory:' | 'disk', number: number): Promise<void> {
  const file = (name: string) => (where === 'disk' ? join(folder, name) : where);
  const chained = await openSqliteStore({ file: file('chained.db') });
  const bare = await openSqliteStore({ file: file('bare.db'), joinChain: async () => undefined });
  const spentMs = { chained: 0, bare: 0 };
  for (let index = -20; index < number; index++) {
    for (const [name, store] of Object.entries({ chained, bare })) {
      const begunAt = performance.now();
      const request = await submit(store, `key ${index}`);
      await write(store, request, [evaluated('require_approval')]);
      if (index >= 0) spentMs[name as keyof typeof spentMs] += performance.now() - begunAt;
    }
  }
  const perAppend = (ms: number) => ((ms * 1000) / (number * 2)).toFixed(0);
  print(
    `append, ${where === 'disk' ? 'on disk' : 'in memory'}`,
    `${perAppend(spentMs.chained)} µs with the chain, ${perAppend(spentMs.bare)} µs without: ${(spentMs.chained / spentMs.bare).toFixed(2)} times`,
  );
  await chained.close();
  await bare.close();
}

/** One in five a verdict of about a kilobyte, the others steps, as in a request that runs. */
async function verifying(number: number): Promise<void> {
  const verdict = evaluated('require_approval');
  const step = { type: 'step_started', at: monday, step: 'run' };
  let head = { position: 0, hash: '0'.repeat(64) };
  const lines = [headerLine(undefined)];
  for (let index = 0; index < number; index++) {
    const body = index % 5 === 0 ? verdict : step;
    const source = {
      kind: 'event',
      at: monday + index,
      type: body.type,
      request: requestIdOf(1),
      seq: index + 1,
      body,
    };
    const entry = nextEntry(head, { ...source, kind: 'event' }, 'ab'.repeat(16));
    head = { position: entry.link.position, hash: entry.hash };
    lines.push(lineOf(entry));
  }
  const file = join(folder, 'export.jsonl');
  await writeFile(file, lines.join('\n'));
  const perSecond: number[] = [];
  for (let time = 0; time < times; time++) {
    const begunAt = performance.now();
    const code = await verifyAudit({ file, database: { file: '' }, keys: [], anchors: [] }, () => undefined);
    perSecond.push((number * 1000) / (performance.now() - begunAt));
    if (code !== 0) throw new Error('the export is not as it was written');
  }
  const figure = Math.round(median(perSecond));
  const inWords = (value: number) => value.toLocaleString('en');
  print(
    'verify an export',
    `${inWords(figure)} events a second, the median of ${times} times   at least ${inWords(perSecondMin)}: ${figure >= perSecondMin ? 'met' : 'MISSED'}`,
  );
}

function print(what: string, figure: string): void {
  process.stdout.write(`${what.padEnd(24)}${figure}\n`);
}
