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
  progress: (done) => isTerminal && process.stdout.write(`\r  ${done} of ${kills} `),
}).filter(({ name, database }) => name.includes(values.only) && database.includes(values.database));
const startedAt = Date.now();
const outcomes = new Map<Trial, TrialOutcome>();
const alone = chosen.filter(({ isAlone }) => isAlone);
for (const trial of alone) await tell(trial);
// The others wait more than they work: two at a time.
const others = chosen.filter((trial) => !alone.includes(trial))[Symbol.iterator]();
await Promise.all(
  [1, 2].map(async () => {
    for (const trial of others) await tell(trial);
  }),
);

const inOrder = chosen.flatMap((trial) => outcomes.get(trial) ?? []);
const table = tableOf(inOrder);
process.stdout.write(
  `\n${table}\n\nSeed ${seed}, ${chosen.length} trials in ${minutes(Date.now() - startedAt)}.\n`,
);
if (values.write) await keepTable(table);
process.exit(inOrder.some(({ broken }) => broken.length > 0) ? 1 : 0);

async function tell(trial: Trial): Promise<void> {
  const since = Date.now();
  const outcome = await playTrial(trial, seed);
  outcomes.set(trial, outcome);
  const verdict =
    outcome.skipped ?? (outcome.broken.length === 0 ? 'held' : `${outcome.broken.length} broken`);
  const lines = [
    `${trial.name}: ${verdict}, ${minutes(Date.now() - since)}`,
    ...outcome.broken.map((one) => `  - ${one}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function minutes(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
