/** An audit's rows for a spreadsheet: which runs nothing that people typed, wherever it cuts a row into cells. */
import { expect, test } from 'vitest';
import { createCsvRows } from '../../src/audit/csv.ts';
import type { AuditEntry } from '../../src/core/audit.ts';
import { requestIdSchema } from '../../src/core/ids.ts';
import { at, chainOf } from './logs.ts';

const request = requestIdSchema.parse('REQ-1');

function entry(position: number, type: string, body: object): AuditEntry {
  const chain = { form: 1, position, previous: '', open: '', seal: '' } as const;
  return {
    link: { ...chain, at: 0, kind: 'event', type, request },
    hash: 'h',
    salt: null,
    body: { type, ...body },
  };
}

test.each([
  ['a;=cmd()', "a;'=cmd()"],
  ['a; +1', "a; '+1"],
  ['a\t-1', "a\t'-1"],
  ['a|@SUM(1)', "a|'@SUM(1)"],
  ['a\n=cmd()', `"a\n'=cmd()"`],
  ['a;"=cmd()"', `"a;""'=cmd()"""`],
  ['a;\uFF1Dcmd()', "a;'\uFF1Dcmd()"],
  ['a;b = c, x-y', '"a;b = c, x-y"'],
])('in %j nothing begins like a formula where it could be cut', (note, cell) => {
  const chain = chainOf([{ kind: 'event', at: 0, type: 'reviewed', body: { note } }]);
  const row = createCsvRows()(at(chain, 0));
  expect(row.slice('1,1970-01-01T00:00:00.000Z,event,reviewed,,,,,,,,,,,,'.length, -65)).toBe(cell);
});

test('a target that moved stands in the rows from then on, beside the action that was asked for', () => {
  const rowOf = createCsvRows();
  const target = { kind: 'service', name: 'payments in staging', tier: 'staging', team: 'payments' };
  const rows = [
    entry(1, 'requested', { action: 'deploy', target }),
    entry(2, 'evaluated', { verdict: { outcome: 'allow' } }),
    entry(3, 'evaluated', {
      verdict: { outcome: 'require_approval' },
      target: { ...target, tier: 'production' },
    }),
    entry(4, 'expired', {}),
  ].map((one) => rowOf(one).split(',').slice(5, 10).join(','));
  expect(rows).toEqual([
    ',deploy,payments in staging,payments in staging,staging',
    ',deploy,payments in staging,payments in staging,staging',
    ',deploy,payments in staging,payments in staging,production',
    ',deploy,payments in staging,payments in staging,production',
  ]);
});
