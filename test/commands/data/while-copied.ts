/** A signal that ends nothing: of a copy of a database it is asked first when the copy has begun and nothing is in it yet. */
import { existsSync } from 'node:fs';

/** @param happens once, while `copy` is made. */
export function whileCopied(copy: string, happens: () => void): AbortSignal {
  const { signal } = new AbortController();
  let isOver = false;
  signal.throwIfAborted = () => {
    if (isOver || !existsSync(copy)) return;
    isOver = true;
    happens();
  };
  return signal;
}
