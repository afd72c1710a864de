/**
 * What belongs together one after the other, in the order in which it came: whoever takes a yes back while the guardrails
 * are still asked about it would otherwise hear that there is none, and then it counts.
 */
export type InTurn = (of: string | undefined, work: () => Promise<void>) => Promise<void>;

/** What is of nothing does not wait. @param work never rejects. */
export function createTurns(): InTurn {
  const last = new Map<string, Promise<void>>();
  return async (of, work) => {
    if (of === undefined) return work();
    const mine = (last.get(of) ?? Promise.resolve()).then(work);
    last.set(of, mine);
    await mine;
    if (last.get(of) === mine) last.delete(of);
  };
}
