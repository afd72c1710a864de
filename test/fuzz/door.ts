/** What every door is to the fuzzer: something that takes numbered inputs and says what became of each. */
import type { Random } from './random.ts';

/** One input, as far as it can be shown: what is sent is made from it alone. */
export interface Input {
  /** For people: the line, the body, the file. */
  readonly text: string;
  send(): Promise<Outcome>;
}

/** `undefined` when it was answered as promised; else what was not kept. */
export type Outcome = string | undefined;

export interface OpenDoor {
  make(random: Random): Input;
  close(): Promise<void>;
}

export interface Door {
  readonly name: string;
  /** A new world every so many inputs, so that one is as small as another. */
  readonly inputsPerWorld: number;
  open(): Promise<OpenDoor>;
}
