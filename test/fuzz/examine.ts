/**
 * Sends inputs through a door, one after the other, and holds each to the promise: an answer, within 100 ms of work, and
 * nothing thrown that nobody caught. An input that took longer is sent again alone: a neighbour or a collection of
 * garbage does not come three times.
 */
import type { Door, Input, OpenDoor } from './door.ts';
import { randomOf } from './random.ts';

export const slowMs = 100;

export interface Finding {
  readonly number: number;
  readonly what: string;
  readonly text: string;
}

export interface Examined {
  readonly inputs: number;
  readonly answered: number;
  readonly slowestMs: number;
  readonly found: readonly Finding[];
}

export interface ExamineOptions {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  progress?(done: number): void;
}

/** After as many the door needs mending before anything else can be learnt. */
const foundMax = 20;
/** No input keeps a door busy for longer, whatever the machine does beside. */
const patienceMs = 20_000;

export async function examine(door: Door, { seed, from, to, progress }: ExamineOptions): Promise<Examined> {
  const found: Finding[] = [];
  const thrown: string[] = [];
  const catchAll = (error: unknown) => void thrown.push(`not caught: ${stackOf(error)}`);
  process.on('uncaughtException', catchAll);
  process.on('unhandledRejection', catchAll);
  let opened: OpenDoor | undefined;
  let answered = 0;
  let slowestMs = 0;
  let number = from;
  try {
    for (; number < to && found.length < foundMax; number++) {
      if ((number - from) % door.inputsPerWorld === 0) {
        await opened?.close();
        opened = await door.open();
      }
      if (!opened) throw new Error('no door is open');
      const made = opened.make(randomOf(seed, number));
      const once = await timed(made);
      const workMs = once.workMs <= slowMs ? once.workMs : await alone(opened, seed, number);
      slowestMs = Math.max(slowestMs, workMs);
      const what = [
        ...(once.outcome === undefined ? [] : [once.outcome]),
        ...thrown.splice(0),
        ...(workMs > slowMs ? [`${Math.round(workMs)} ms of work`] : []),
      ];
      if (what.length === 0) answered++;
      else found.push({ number, what: what.join('; '), text: made.text });
      progress?.(number + 1 - from);
    }
  } finally {
    await opened?.close();
    process.off('uncaughtException', catchAll);
    process.off('unhandledRejection', catchAll);
  }
  return { inputs: number - from, answered, slowestMs, found };
}

async function alone(opened: OpenDoor, seed: number, number: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < 3; time++) {
    const { workMs } = await timed(opened.make(randomOf(seed, number)));
    least = Math.min(least, workMs);
  }
  return least;
}

async function timed(
  input: Input,
): Promise<{ readonly outcome: string | undefined; readonly workMs: number }> {
  const before = process.threadCpuUsage();
  const silence = Promise.withResolvers<string>();
  const timer = setTimeout(() => silence.resolve(`no answer within ${patienceMs / 1000} s`), patienceMs);
  const outcome = await Promise.race([
    input.send().catch((error: unknown) => `thrown: ${stackOf(error)}`),
    silence.promise,
  ]);
  clearTimeout(timer);
  const { user, system } = process.threadCpuUsage(before);
  return { outcome, workMs: (user + system) / 1000 };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
