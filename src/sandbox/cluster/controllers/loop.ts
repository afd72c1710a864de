/** What every controller is: told by changes which objects to look at, it looks at each a moment later. */
import type { Timer } from '../../clock.ts';
import { ApiError } from '../status.ts';
import type { Change } from '../store.ts';
import type { ClusterWorld } from '../world.ts';

export interface Controller {
  /** How long after a change it looks, in ms. Changes in between are seen together. */
  readonly delayMs: number;
  /** `namespace/name` of what a change makes worth a look; the namespace is empty at cluster scope. */
  keysOf(change: Change): readonly string[];
  /** Brings the world a step closer to what is wanted. Returns when to look again, in ms, if at all. */
  reconcile(namespace: string, name: string): number | undefined;
}

export interface RunningController {
  enqueue(key: string): void;
  stop(): void;
}

/** After a refusal (somebody else was faster) a controller tries again this much later. */
const retryMs = 1_000;

export function runController(world: ClusterWorld, controller: Controller): RunningController {
  const waiting = new Map<string, Timer>();
  const later = new Map<string, Timer>();
  let stopped = false;

  const look = (key: string) => {
    waiting.delete(key);
    if (stopped) return;
    const slash = key.indexOf('/');
    let again: number | undefined;
    try {
      again = controller.reconcile(key.slice(0, slash), key.slice(slash + 1));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      again = retryMs;
    }
    later.get(key)?.cancel();
    later.delete(key);
    if (again !== undefined)
      later.set(
        key,
        world.clock.after(again, () => look(key)),
      );
  };
  const enqueue = (key: string) => {
    if (waiting.has(key) || stopped) return;
    waiting.set(
      key,
      world.clock.after(controller.delayMs, () => look(key)),
    );
  };
  const unsubscribe = world.store.subscribe((change) => {
    for (const key of controller.keysOf(change)) enqueue(key);
  });
  // What is there already is looked at as well: that is how a restarted controller takes up its work.
  for (const object of world.store.everything()) {
    const { storage } = object;
    for (const key of controller.keysOf({ type: 'ADDED', storage, revision: 0, object: object.object }))
      enqueue(key);
  }
  return {
    enqueue,
    stop() {
      stopped = true;
      unsubscribe();
      for (const timer of [...waiting.values(), ...later.values()]) timer.cancel();
    },
  };
}

/** The key of the changed object itself, when it is of this storage. */
export function own(change: Change, storage: string): string[] {
  if (change.storage !== storage) return [];
  return [`${change.object.metadata.namespace ?? ''}/${change.object.metadata.name}`];
}

/** The key of its controlling owner, when that is of this kind. */
export function owner(change: Change, kind: string): string[] {
  const reference = change.object.metadata.ownerReferences?.find(
    (one) => one.controller && one.kind === kind,
  );
  return reference ? [`${change.object.metadata.namespace ?? ''}/${reference.name}`] : [];
}
