/** `npm run chaos`: real processes on bad machines. Ends by itself; exits 1 when a promise was not kept. */
import { parseArgs } from 'node:util';
import { databaseKinds } from './database.ts';
import { playTrial, type Trial, type TrialOutcome } from './stage.ts';
import { keepTable, tableOf } from './table.ts';
import { allTrials } from './trials/all.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    kills: { type: 'string', default: '200' },
    /** A part of a trial's name. */
    only: { type: 'string', default: '' },
    database: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const kills = Number(values.kills);
const isKnown = values.database === '' || databaseKinds.some((kind) => kind === values.database);
if (!Number.isInteger(seed) || !Number.isInteger(kills) || kills < 1 || !isKnown) {
  process.stderr.write(
    'npm run chaos -- [--seed 1] [--kills 200] [--only disk] [--database sqlite|postgres] [--write]\n',
  );
  process.exit(2);
}

const isTerminal = process.stdout.isTTY;
const chosen = allTrials({
  kills,
  isQuiet: true,
  progress: (done) => isTerminal && process.stdout.write(`\r  ${done} of ${kills} `),
}).filter(({ name, database }) => name.includes(values.only) && database.includes(values.database));
const outcomes: TrialOutcome[] = [];
const startedAt = Date.now();
for (const trial of chosen) outcomes.push(await tell(trial));

const table = tableOf(outcomes);
process.stdout.write(
  `\n${table}\n\nSeed ${seed}, ${chosen.length} trials in ${minutes(Date.now() - startedAt)}.\n`,
);
if (values.write) await keepTable(table);
process.exit(outcomes.some(({ broken }) => broken.length > 0) ? 1 : 0);

async function tell(trial: Trial): Promise<TrialOutcome> {
  const since = Date.now();
  process.stdout.write(`${trial.name} ...\n`);
  const outcome = await playTrial(trial, seed);
  const verdict =
    outcome.skipped ?? (outcome.broken.length === 0 ? 'held' : `${outcome.broken.length} broken`);
  process.stdout.write(`  ${verdict}, ${minutes(Date.now() - since)}\n`);
  for (const one of outcome.broken) process.stdout.write(`  - ${one}\n`);
  return outcome;
}

function minutes(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
