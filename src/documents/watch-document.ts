/**
 * A document that people edit while it is in use. The last good version stays in force; a bad edit is told once and
 * changes nothing. The one file here that touches a disk.
 */
import { watch as watchFolder } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { cutShort } from './cut-short.ts';
import { documentLimits, formatMistake, type Mistake, type Read, type Source } from './document.ts';
import { readSafely, unreadable } from './read-safely.ts';

export interface WatchOptions<Value> {
  /** Where it is; `name` is how people know it. */
  readonly path: string;
  readonly name: string;
  read(source: Source): Read<Value>;
  /** Called once for each content that has them. */
  onMistakes(mistakes: readonly Mistake[]): void;
  /** A new version is in force. */
  onChange?(value: Value): void;
  /** Another text is there, whatever came of it. */
  onText?(): void;
  readonly timers: Timers;
}

export interface Timers {
  /** Calls back after so many milliseconds, unless the returned function was called before. */
  after(ms: number, call: () => void): () => void;
}

export interface WatchedDocument<Value> {
  /** The last good version. */
  current(): Value;
  /** Looks at the file now; resolves when what it says is in force or told, or when it is still being written. */
  look(): Promise<void>;
  /** Reads the same text again, and the one in force where that is refused: for when something it refers to has changed. */
  readAgain(): void;
  /** Whether there is a newer text than the one in force. */
  isRefused(): boolean;
  /** Reads a text again that was refused: for when something may have changed that stood against it. */
  retry(): void;
  /** The newest that could be read from the disk, and the one in force. */
  texts(): readonly Source[];
  close(): void;
}

/** Looks this often even when the file system reports nothing, as on network mounts and in containers. */
export const pollMs = 5_000;
/** An editor writes a file in several steps; looking between two of them would find half of it. */
export const settleMs = 100;
/** What has changed counts when it is the same so much later: a look may come between two steps all the same. */
export const stillMs = 150;

/** The first version must be good: without one there is nothing to keep in force. */
export async function watchDocument<Value>(
  options: WatchOptions<Value>,
): Promise<Read<WatchedDocument<Value>>> {
  const source = await sourceAt(options);
  if (!source.ok) return source;
  const read = options.read(source.value);
  return read.ok ? { ok: true, value: keepWatching(options, source.value, read.value) } : read;
}

function keepWatching<Value>(
  options: WatchOptions<Value>,
  first: Source,
  value: Value,
): WatchedDocument<Value> {
  let good = value;
  let inForce = first;
  let seen: Read<Source> = { ok: true, value: first };
  let told = '';
  let looking = Promise.resolve();

  /** Gives what stands against it; with nothing it is in force. */
  const take = (source: Source): readonly Mistake[] => {
    const read = readSafely(options.name, () => options.read(source));
    if (!read.ok) return read.mistakes;
    good = read.value;
    inForce = source;
    return [];
  };
  const judge = (source: Read<Source>): void => {
    const mistakes = source.ok ? take(source.value) : source.mistakes;
    const text = inLines(mistakes);
    if (mistakes.length === 0) options.onChange?.(good);
    else if (text !== told) options.onMistakes(mistakes);
    told = text;
  };
  const lookOnce = async (): Promise<void> => {
    const source = await sourceAt(options);
    if (isSameContent(source, seen)) return;
    await pause(options.timers, stillMs);
    if (!isSameContent(await sourceAt(options), source)) return;
    seen = source;
    judge(source);
    options.onText?.();
  };
  // One look after the other, or an older text could win over a newer one.
  const look = (): Promise<void> => {
    looking = looking.then(lookOnce);
    return looking;
  };

  const stop = onceInAWhile(options, look);
  const isRefused = () => !seen.ok || seen.value.text !== inForce.text;
  return {
    current: () => good,
    look,
    readAgain() {
      judge(seen);
      if (isRefused()) take(inForce);
    },
    isRefused,
    retry() {
      if (isRefused()) judge(seen);
    },
    texts: () => (seen.ok && isRefused() ? [seen.value, inForce] : [inForce]),
    close: stop,
  };
}

/** Resolves so many milliseconds later. */
export function pause(timers: Timers, ms: number): Promise<void> {
  return new Promise((resolve) => timers.after(ms, resolve));
}

/** Calls `look` when the file's folder reports a change, and every `pollMs`. Returns how to stop. */
function onceInAWhile({ path, timers }: WatchOptions<unknown>, look: () => Promise<void>): () => void {
  let stopSettling = () => {};
  let stopPolling = () => {};
  let isStopped = false;
  const poll = () => {
    if (isStopped) return;
    stopPolling = timers.after(pollMs, () => void look().then(poll));
  };
  poll();
  const stopWatching = watchFile(path, () => {
    stopSettling();
    stopSettling = timers.after(settleMs, () => void look());
  });
  return () => {
    isStopped = true;
    stopWatching();
    stopSettling();
    stopPolling();
  };
}

/** A folder that cannot be watched is still polled. */
function watchFile(path: string, changed: () => void): () => void {
  try {
    // The folder, not the file: editors put a new file in the old one's place.
    const watcher = watchFolder(dirname(path), { persistent: false }, (_event, name) => {
      if (name === null || name === basename(path)) changed();
    });
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}

async function sourceAt({ path, name: file }: WatchOptions<unknown>): Promise<Read<Source>> {
  const refuse = (message: string): Read<Source> => ({
    ok: false,
    mistakes: [{ file, line: 1, column: 1, message }],
  });
  try {
    // Each character takes 1 to 4 bytes: this only keeps a wrong file of gigabytes out of memory.
    const { size } = await stat(path);
    if (size > 4 * documentLimits.lengthMax) return refuse('The file is far too large to be read.');
    const source = { file, text: await readFile(path, 'utf8') };
    const cut = cutShort(source);
    return cut ? { ok: false, mistakes: [cut] } : { ok: true, value: source };
  } catch (error) {
    return refuse(unreadable(error));
  }
}

function inLines(mistakes: readonly Mistake[]): string {
  return mistakes.map(formatMistake).join('\n');
}

function isSameContent(one: Read<Source>, other: Read<Source>): boolean {
  if (one.ok && other.ok) return one.value.text === other.value.text;
  return !one.ok && !other.ok && inLines(one.mistakes) === inLines(other.mistakes);
}
