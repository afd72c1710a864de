/** Lets so many through at once, the others in the order in which they came. */
export type Gate = <Value>(work: () => Promise<Value>) => Promise<Value>;

export function createGate(most: number): Gate {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running < most) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      // Whoever waits takes this place: nobody who comes now gets there first.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
