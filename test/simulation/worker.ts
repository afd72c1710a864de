/** One worker of run-seeds.ts: a seed comes in, what became of it goes out. */
import { parentPort, workerData } from 'node:worker_threads';
import { plant } from './mutations/plant.ts';
import type { Answer, WorkerOrder } from './run-seeds.ts';

const { mutation } = workerData as WorkerOrder;
if (mutation !== undefined) plant(mutation);
// After the planting: what is imported now is what was planted.
const { simulate } = await import('./simulate.ts');

parentPort?.on('message', (seed: number) => {
  simulate(seed).then(
    // A story is long, and nobody reads that of a run in which all went well.
    (outcome) =>
      say({ outcome: outcome.broken ? outcome : { ...outcome, story: [], decisions: [], writes: [] } }),
    (error: unknown) =>
      say({ trouble: `seed ${seed}: ${error instanceof Error ? error.stack : String(error)}` }),
  );
});

function say(answer: Answer): void {
  parentPort?.postMessage(answer);
}
