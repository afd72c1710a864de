/**
 * Files (blueprints, workflows) that are looked at again and again while they are in use. The last good version of all of them stays in
 * force: a bad edit, or a repository that does not answer, is told once and changes nothing.
 */
import type { Moment } from '../core/ids.ts';
import { problemFrom } from '../core/problem.ts';
import { formatMistake, type Mistake, type Read } from '../documents/document.ts';
import { readSafely } from '../documents/read-safely.ts';
import { pause, stillMs, type Timers } from '../documents/watch-document.ts';
import type { BlueprintFiles } from './read-blueprints.ts';

export interface FreshOptions<Value> {
  /** As people know them. */
  readonly name: string;
  /** @throws ProblemError when it cannot be told now. */
  load(): Promise<Read<BlueprintFiles>>;
  read(files: BlueprintFiles): Read<Value>;
  everyMs(): number;
  /** Called once for each content that has them. */
  onMistakes(mistakes: readonly Mistake[]): void;
  /** Called once for each time that nobody answers. */
  onAway(why: string): void;
  onChange(): void;
  /** Others are there, whatever came of it. */
  onFiles?(): void;
  readonly timers: Timers;
  now(): Moment;
}

export interface Fresh<Value> {
  current(): Value;
  /** The newest that could be read. */
  files(): BlueprintFiles;
  /** What `current` was read from. */
  filesInForce(): BlueprintFiles;
  /** When they were last seen as they are. */
  seenAt(): Moment;
  /** Looks now; resolves when what is there is in force or told, or when it is still being written. */
  look(): Promise<void>;
  /** Reads those in force again: for when the catalog has changed. */
  readAgain(): void;
  /** Whether there are newer ones than those in force. */
  isRefused(): boolean;
  /** Reads again what was refused: for when something may have changed that stood against it. */
  retry(): void;
  close(): void;
}

/** The first version must be good: without one there is nothing to keep in force. */
export async function keepFresh<Value>(options: FreshOptions<Value>): Promise<Read<Fresh<Value>>> {
  const files = await options.load();
  if (!files.ok) return files;
  const read = options.read(files.value);
  return read.ok ? { ok: true, value: keep(options, files.value, read.value) } : read;
}

function keep<Value>(options: FreshOptions<Value>, first: BlueprintFiles, value: Value): Fresh<Value> {
  let good = value;
  let seen = first;
  let inForce = first;
  let seenAt = options.now();
  let told = '';
  let looking = Promise.resolve();
  let stop = () => {};
  let isClosed = false;
  let isAway = false;

  const tell = (text: string, say: () => void): void => {
    if (text !== told) say();
    told = text;
  };
  const refuse = (mistakes: readonly Mistake[]) =>
    tell(mistakes.map(formatMistake).join('\n'), () => options.onMistakes(mistakes));
  /** Gives what stands against them; with nothing they are in force. */
  const take = (files: BlueprintFiles): readonly Mistake[] => {
    const read = readSafely(options.name, () => options.read(files));
    if (!read.ok) return read.mistakes;
    good = read.value;
    inForce = files;
    return [];
  };
  const judge = (): void => {
    const mistakes = take(seen);
    if (mistakes.length > 0) refuse(mistakes);
    else {
      told = '';
      options.onChange();
    }
  };
  const isRefused = () => !isSame(seen, inForce);
  const lookOnce = async (): Promise<void> => {
    try {
      const files = await options.load();
      seenAt = options.now();
      const wasAway = isAway;
      isAway = !files.ok || wasAway;
      if (!files.ok) return refuse(files.mistakes);
      const isOther = !isSame(files.value, seen);
      // What could not be had and is there again as it was is news too.
      if (!isOther && !wasAway) return;
      if (isOther && !(await isStill(options, files.value))) return;
      isAway = false;
      seen = files.value;
      judge();
      options.onFiles?.();
    } catch (error) {
      isAway = true;
      const { sentence } = problemFrom(error);
      tell(sentence, () => options.onAway(sentence));
    }
  };
  // One look after the other, or an older version could win over a newer one.
  const look = (): Promise<void> => {
    looking = looking.then(lookOnce);
    return looking;
  };
  const again = (): void => {
    if (!isClosed) stop = options.timers.after(options.everyMs(), () => void look().then(again));
  };
  again();
  return {
    current: () => good,
    files: () => seen,
    filesInForce: () => inForce,
    seenAt: () => seenAt,
    look,
    readAgain() {
      if (isRefused()) take(inForce);
      else judge();
    },
    isRefused,
    retry() {
      if (isRefused()) judge();
    },
    close() {
      isClosed = true;
      stop();
    },
  };
}

/** Between two steps of whoever writes them the beginning of a file is often a good one, and says something else. */
async function isStill({ load, timers }: FreshOptions<unknown>, files: BlueprintFiles): Promise<boolean> {
  await pause(timers, stillMs);
  const again = await load();
  return again.ok && isSame(again.value, files);
}

function isSame(one: BlueprintFiles, other: BlueprintFiles): boolean {
  return one.size === other.size && [...one].every(([name, { text }]) => other.get(name)?.text === text);
}
