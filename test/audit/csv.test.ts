/** A spreadsheet runs nothing that people typed, wherever it cuts a row into cells. */
import { expect, test } from 'vitest';
import { createCsvRows } from '../../src/audit/csv.ts';
import { at, chainOf } from './logs.ts';

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
