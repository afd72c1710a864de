/** `npm run load`: what many at once, a long day and a long history do to it. `--only burst|day|history` one of them. */
import { parseArgs } from 'node:util';
import { loadBursts } from './burst.ts';
import { loadDay } from './day.ts';
import { loadHistory } from './history.ts';
import { printTable, type Row } from './table.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    /** Of the history; a hundredth of it shows whether all goes through. */
    requests: { type: 'string', default: '1000000' },
    /** Of the day's deeds. */
    share: { type: 'string', default: '1' },
    kills: { type: 'string', default: '5' },
  },
});

const parts: Readonly<Record<string, () => Promise<Row[]>>> = {
  burst: () => loadBursts(Number(values.kills)),
  day: () => loadDay(Number(values.share)),
  history: () => loadHistory(Number(values.requests)),
};

const rows: Row[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (values.only !== undefined && values.only !== name) continue;
  rows.push(...(await measure()));
}
printTable(rows);
process.exit(rows.length > 0 && rows.every(({ isKept }) => isKept) ? 0 : 1);
