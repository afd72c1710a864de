/**
 * `npm run fuzz`: 100,000 inputs for each door, spread over both cores. `--door` takes one of them, `--inputs` fewer,
 * `--seed` others. Prints a table, and ends with 1 when anything was found; the same seed finds it again.
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { doors } from './doors.ts';
import { type Examined, examine, type Finding } from './examine.ts';

interface Slice {
  readonly door: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

/** Small enough that both cores end together, large enough that starting a process costs little. */
const inputsPerSlice = 6_000;

if (process.send) await workOff();
else await lead();

async function lead(): Promise<void> {
  const { values } = parseArgs({
    options: {
      door: { type: 'string' },
      inputs: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      number: { type: 'string' },
    },
  });
  const chosen = doors.filter(({ name }) => values.door === undefined || name.includes(values.door));
  if (chosen.length === 0) {
    process.stderr.write(`There is no such door: ${doors.map(({ name }) => name).join(', ')}.\n`);
    process.exitCode = 2;
    return;
  }
  const [inputs, seed] = [Number(values.inputs), Number(values.seed)];
  const first = values.number === undefined ? 0 : Number(values.number);
  const end = values.number === undefined ? inputs : first + 1;
  const slices = chosen.flatMap(({ name }) => {
    const starts = Array.from(
      { length: Math.ceil((end - first) / inputsPerSlice) },
      (_, index) => first + index * inputsPerSlice,
    );
    return starts.map((from) => ({ door: name, seed, from, to: Math.min(end, from + inputsPerSlice) }));
  });
  const results = new Map<string, Examined[]>(chosen.map(({ name }) => [name, []]));
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (let slice = slices.shift(); slice; slice = slices.shift()) {
        const examined = await inProcess(slice);
        results.get(slice.door)?.push(examined);
        say(`${slice.door}: ${slice.from} to ${slice.to}, ${examined.found.length} found`);
        for (const finding of examined.found) tell(slice, finding);
      }
    }),
  );
  report(results, (performance.now() - startedAt) / 1000);
}

/** A process for each slice: what one leaves behind is no other's. */
function inProcess(slice: Slice): Promise<Examined> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, [], { serialization: 'advanced' });
    let examined: Examined | undefined;
    child.on('message', (message) => {
      examined = message as Examined;
    });
    child.on('exit', (code) => {
      if (examined) resolve(examined);
      // Whatever ends a process is the finding.
      else resolve(crashed(slice, `the process ended with ${code}`));
    });
    child.on('error', reject);
    child.send(slice);
  });
}

function crashed({ from }: Slice, what: string): Examined {
  return { inputs: 0, answered: 0, slowestMs: 0, found: [{ number: from, what, text: 'somewhere in it' }] };
}

async function workOff(): Promise<void> {
  const slice = await new Promise<Slice>((resolve) => process.once('message', resolve as never));
  const door = doors.find(({ name }) => name === slice.door);
  if (!door) throw new Error(`there is no door ${slice.door}`);
  const examined = await examine(door, slice);
  process.send?.(examined, () => process.exit(0));
}

function tell(slice: Slice, { number, what, text }: Finding): void {
  say(`  found by --door "${slice.door}" --seed ${slice.seed} --number ${number}`);
  say(`    ${what}`);
  say(`    ${JSON.stringify(text.slice(0, 1_000))}`);
}

function report(results: ReadonlyMap<string, readonly Examined[]>, seconds: number): void {
  say('');
  say(row('door', 'inputs', 'answered', 'slowest ms', 'found'));
  for (const [name, all] of results) {
    const sum = (of: (one: Examined) => number) => all.reduce((total, one) => total + of(one), 0);
    const found = sum(({ found: some }) => some.length);
    const slowest = Math.max(0, ...all.map(({ slowestMs }) => slowestMs));
    say(
      row(
        name,
        sum(({ inputs }) => inputs),
        sum(({ answered }) => answered),
        slowest.toFixed(1),
        found,
      ),
    );
    if (found > 0) process.exitCode = 1;
  }
  say(`${Math.round(seconds)} s on ${availableParallelism()} cores`);
}

function row(name: string, ...cells: readonly (string | number)[]): string {
  return [name.padEnd(32), ...cells.map((cell) => String(cell).padStart(12))].join('');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
