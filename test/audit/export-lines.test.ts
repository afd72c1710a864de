/** The lines of an export: which entries and which checkpoints are in it, and that no secret leaves in a spreadsheet. */
import { expect, test } from 'vitest';
import { csvLines, exportLines } from '../../src/audit/export-lines.ts';
import { createSelection, type SelectionOptions } from '../../src/audit/selection.ts';
import type { AuditEntry, SignedCheckpoint } from '../../src/core/audit.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { monday, requested } from '../store/example-requests.ts';
import { at, chainOf, keyPair } from './logs.ts';

type Asked = Parameters<typeof requested>[1];

/** A request each, one after the other. */
function chainOfRequests(asked: readonly Asked[]): AuditEntry[] {
  return chainOf(
    asked.map((more, index) => {
      const id = requestIdOf(index + 1);
      const body = requested(id, more);
      return { kind: 'event', at: monday + index, type: body.type, request: id, seq: 1, body };
    }),
  );
}

const service = (name: string) => ({
  target: { kind: 'service', name, tier: 'staging', team: name } as const,
  input: {},
});

function storeOf(entries: readonly AuditEntry[], checkpoints: readonly SignedCheckpoint[] = []) {
  return {
    auditEntries: async (after: number) => entries.filter(({ link }) => link.position > after),
    checkpoints: async (after: number) => checkpoints.filter(({ checkpoint }) => checkpoint.position > after),
  };
}

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

async function csvOf(entries: readonly AuditEntry[], options: SelectionOptions): Promise<string> {
  return (await all(csvLines(storeOf(entries), createSelection(options)))).join('\n');
}

test('in a spreadsheet no column has a secret, not only the note', async () => {
  const token = `ghp_${'a'.repeat(36)}`;
  const entries = chainOfRequests([
    { ...service(token), bypass: { kind: 'override', reason: `with ${token}` } },
  ]);
  const text = await csvOf(entries, {});
  expect(text).not.toContain(token);
  expect(text.match(/\[redacted\]/g)).toHaveLength(3);
});

test('a spreadsheet obeys the selection', async () => {
  const text = await csvOf(chainOfRequests([service('payments'), service('search')]), { service: 'search' });
  expect(text).toMatch(/^2,/m);
  expect(text).not.toMatch(/^1,/m);
});

test('a checkpoint stands only beside an entry that was chosen', async () => {
  const entries = chainOfRequests([service('payments'), service('search'), service('payments')]);
  const ours = keyPair();
  const store = storeOf(
    entries,
    entries.map((entry) => ours.signed(entry)),
  );
  const lines = await all(exportLines(store, createSelection({ service: 'search' })));
  expect(lines.filter((line) => line.includes('"checkpoint"'))).toEqual([ours.signedLine(at(entries, 1))]);
});

test('--service finds what was asked for several services, which has them in its input alone', () => {
  const several = {
    target: { kind: 'environment', name: 'try-it', tier: 'dev', team: 'search' },
  } as const;
  const entries = chainOfRequests([
    { ...several, input: { services: ['payments', 'search'] } },
    { ...several, input: { service: 'search' } },
    { ...several, input: { services: ['payments'], note: 'search' } },
  ]);
  const selection = createSelection({ service: 'search' });
  for (const entry of entries) selection.see(entry);
  expect(entries.map((entry) => selection.has(entry))).toEqual([true, true, false]);
});
