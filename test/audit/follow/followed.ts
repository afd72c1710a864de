/** A store whose audit is followed, at a time that the test moves, with what the log is told. */
import { type KeptAudit, keepAudit } from '../../../src/audit/follow/keep-audit.ts';
import type { Deliver } from '../../../src/audit/follow/places.ts';
import { monday, submit } from '../../store/example-requests.ts';
import { memoryStore } from '../../store/ready-store.ts';

export type Followed = Awaited<ReturnType<typeof openFollowed>>;

export async function openFollowed() {
  const store = await memoryStore();
  const logged: string[] = [];
  const note = (_fields: unknown, message: string) => void logged.push(message);
  const world = {
    now: monday,
    store,
    logged,
    environment: {
      store,
      clock: { now: () => world.now },
      scheduler: { after: () => ({ cancel: () => undefined }) },
      log: { info: note, warn: note, error: note },
      draw: () => 0,
    },
    keep(more: Partial<Parameters<typeof keepAudit>[0]>): KeptAudit {
      const kept = keepAudit({ ...world.environment, anchors: [], sinks: [], ...more });
      if (!kept) throw new Error('nothing is kept');
      return kept;
    },
    /** With one sink, which takes what it is given by `deliver`. */
    following(deliver: Deliver): KeptAudit {
      return world.keep({ sinks: [{ name: 'sink', deliver }] });
    },
    async submitted(...keys: string[]) {
      for (const key of keys) await submit(store, key);
    },
    [Symbol.asyncDispose]: () => store.close(),
  };
  return world;
}
