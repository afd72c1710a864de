/** Watches that nothing of the product looks at the real clock, or at real chance, while a seed is played. */
import { BrokenPromise } from './broken-promise.ts';

const watched = [
  [Date, 'now'],
  [Math, 'random'],
  [globalThis, 'setTimeout'],
  [globalThis, 'setInterval'],
] as const;

/** @returns what ends the watch. */
export function watchRealTime(broken: (promise: BrokenPromise) => void): () => void {
  const before = watched.map(([owner, name]) => [owner, name, Reflect.get(owner, name)] as const);
  for (const [owner, name, real] of before) {
    Reflect.set(owner, name, (...asked: unknown[]) => {
      // Others in the process, like the test runner, may do as they like.
      const caller = new Error(name).stack?.split('\n').find((line) => line.includes('/src/'));
      // How long a real connection to a real server may take is no part of what is simulated.
      if (caller && !caller.includes('/src/store/postgres'))
        broken(new BrokenPromise('no false clock', `${name} was called ${caller.trim()}`));
      return Reflect.apply(real, owner, asked);
    });
  }
  return () => {
    for (const [owner, name, real] of before) Reflect.set(owner, name, real);
  };
}
