/** Looks at something again and again, one look after the other, from the start until it is stopped. */
import type { Scheduler } from '../core/ports.ts';

export interface Looking {
  /** Looks now; resolves when it has looked. */
  look(): Promise<void>;
  /** Resolves when nothing looks any more. */
  stop(): Promise<void>;
}

/**
 * `lookOnce` gives how long until the next look, in milliseconds, and deals with its own mistakes. One that takes long asks
 * whether it was stopped, since whoever stops it waits.
 */
export function keepLooking(
  scheduler: Scheduler,
  lookOnce: (isStopped: () => boolean) => Promise<number>,
): Looking {
  let looking: Promise<void> = Promise.resolve();
  let alarm: { cancel(): void } | undefined;
  let isStopped = false;

  async function lookAndWait(): Promise<void> {
    alarm?.cancel();
    const againInMs = await lookOnce(() => isStopped);
    if (!isStopped) alarm = scheduler.after(againInMs, () => void look());
  }

  function look(): Promise<void> {
    if (!isStopped) looking = looking.then(lookAndWait);
    return looking;
  }

  void look();
  return {
    look,
    async stop() {
      isStopped = true;
      alarm?.cancel();
      await looking;
    },
  };
}
