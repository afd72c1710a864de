/** Many seeds on all processors: one worker for each, which asks for the next when it is done with one. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Outcome } from './simulate.ts';

export interface RunOptions {
  readonly from: number;
  readonly count: number;
  /** Planted on purpose; none in the product as it is. */
  readonly mutation?: string | undefined;
  readonly workers?: number;
  /** After each; `true`: it is enough. */
  done(outcome: Outcome): boolean | undefined;
}

/** How a worker answers. */
export type Answer = { readonly outcome: Outcome } | { readonly trouble: string };

export interface WorkerOrder {
  readonly mutation: string | undefined;
}

/** @throws Error when a seed cannot be run at all. */
export async function runSeeds(options: RunOptions): Promise<void> {
  const { from, count, mutation } = options;
  let next = from;
  let isEnough = false;
  const many = Math.min(count, options.workers ?? availableParallelism());
  await Promise.all(Array.from({ length: many }, work));

  async function work(): Promise<void> {
    const order: WorkerOrder = { mutation };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: order });
    try {
      while (next < from + count && !isEnough) {
        const answer = await ask(worker, next++);
        if ('trouble' in answer) throw new Error(answer.trouble);
        if (options.done(answer.outcome)) isEnough = true;
      }
    } finally {
      await worker.terminate();
    }
  }
}

function ask(worker: Worker, seed: number): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.postMessage(seed);
  return promise.finally(() => worker.removeListener('error', reject));
}
