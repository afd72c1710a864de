/**
 * `npm run simulate`: the real desk, guardrails, runner and outbox in a world that a seed decides.
 *   --seed N       one seed, with its story if it breaks a promise; --whole: without leaving anything out of it
 *   --every-write  with --seed: again and again, a process killed before and after each write that it has
 *   --seeds N      so many, on all processors; --from: the first of them
 *   --mutation M   with a mistake planted on purpose (mutations/mutations.ts)
 *   --postgres     over a real PostgreSQL
 */
import { parseArgs } from 'node:util';
import { promises } from './broken-promise.ts';
import { plant } from './mutations/plant.ts';
import { runSeeds } from './run-seeds.ts';
import type { Outcome, SimulateOptions } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    mutation: { type: 'string' },
    postgres: { type: 'boolean', default: false },
    'every-write': { type: 'boolean', default: false },
    whole: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
  },
});

/** Beyond so many, more would only say the same. */
const toldMax = 3;

if (values.mutation !== undefined) plant(values.mutation);
// After the planting: what is imported now is what was planted.
const { simulate } = await import('./simulate.ts');
const { killAtEveryWrite } = await import('./every-write.ts');
const { shrink } = await import('./shrink.ts');
const server = values.postgres ? await (await import('../postgres/server.ts')).startPostgres() : undefined;
const options: SimulateOptions = {
  isTraced: values.trace,
  ...(server ? { database: async () => (await import('./database.ts')).freshPostgres(server) } : {}),
};
try {
  const isKept = await asked();
  process.exitCode = isKept ? 0 : 1;
} finally {
  await server?.stop();
}

async function asked(): Promise<boolean> {
  if (values.seed === undefined) return manySeeds();
  return values['every-write'] ? everyWrite(Number(values.seed)) : oneSeed(Number(values.seed));
}

async function everyWrite(seed: number): Promise<boolean> {
  const { writes, kills, broken } = await killAtEveryWrite(seed, options, (done, of) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of} runs `);
  });
  if (process.stderr.isTTY) process.stderr.write('\n');
  for (const { killAt, outcome } of broken) say(`${killAt.when} ${killAt.write}: ${outcome.broken?.words}`);
  say(
    `Seed ${seed}: killed ${kills} times, before and after each of its ${writes} writes; ` +
      (broken.length === 0 ? 'every promise was kept.' : `${broken.length} broke a promise.`),
  );
  return broken.length === 0;
}

async function oneSeed(seed: number): Promise<boolean> {
  const outcome = await simulate(seed, options);
  if (values.whole) say(outcome.story.join('\n'));
  if (outcome.broken) await tell(outcome);
  else
    say(`Seed ${seed}: ${outcome.requests} requests in ${outcome.steps} steps, and every promise was kept.`);
  return outcome.broken === undefined;
}

async function manySeeds(): Promise<boolean> {
  const [from, count] = [Number(values.from), Number(values.seeds)];
  const begin = performance.now();
  const broken: Outcome[] = [];
  let steps = 0;
  let done = 0;
  const note = (outcome: Outcome): undefined => {
    done += 1;
    steps += outcome.steps;
    if (outcome.broken) broken.push(outcome);
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${count} seeds, ${broken.length} broken `);
  };
  if (server) for (let seed = from; seed < from + count; seed++) note(await simulate(seed, options));
  else await runSeeds({ from, count, mutation: values.mutation, done: note });
  if (process.stderr.isTTY) process.stderr.write('\n');
  const seconds = (performance.now() - begin) / 1_000;
  for (const outcome of broken.slice(toldMax)) say(`Seed ${outcome.seed}: ${outcome.broken?.words}`);
  for (const outcome of broken.slice(0, toldMax)) await tell(outcome);
  say(
    `${count} seeds from ${from}: ${steps} steps in ${seconds.toFixed(1)} s (${((seconds * 1_000) / count).toFixed(0)} ms each), ` +
      (broken.length === 0 ? 'every promise was kept.' : `${broken.length} broke a promise.`),
  );
  return broken.length === 0;
}

/** The shortest story that ends the same way, and how to see it again. */
async function tell(failed: Outcome): Promise<void> {
  const { outcome, runs } = values.whole ? { outcome: failed, runs: 0 } : await shrink(failed, options);
  const { seed, broken, story } = outcome;
  if (!broken) return;
  const planted = values.mutation === undefined ? '' : ` --mutation "${values.mutation}"`;
  const place = values.postgres ? ' --postgres' : '';
  say(
    [
      '',
      `Seed ${seed} breaks a promise: ${broken.words}`,
      `  ${promises[broken.promise]}`,
      `The shortest story of it (${runs} runs):`,
      ...story.map((line) => `  ${line}`),
      `Again: npm run simulate -- --seed ${seed}${place}${planted}`,
      '',
    ].join('\n'),
  );
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
