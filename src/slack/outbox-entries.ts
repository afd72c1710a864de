/** What was taken up, as whoever chooses the next looks at it: by queue and by request, not all of thousands each time. */
import type { RequestId } from '../core/ids.ts';
import type { ChatCall } from '../core/ports.ts';
import type { OutboxItem } from '../core/store.ts';

/** One row that was taken up. */
export interface Entry {
  readonly item: OutboxItem;
  /** The first call that it takes, as far as can be told before. */
  readonly call: ChatCall;
  /** It was left by a bot that may have sent it. */
  readonly isLeft: boolean;
  /** Since it was taken up, another row of the same request was sent. */
  cardWasTried: boolean;
}

/** Of one channel and method, in the order in which they were taken up. */
export interface Queue {
  readonly name: string;
  readonly call: ChatCall;
  /** What people and runs have brought, and what time alone has (core/by-time.ts). */
  readonly inTurn: ReadonlyMap<number, Entry>;
  readonly byTime: ReadonlyMap<number, Entry>;
}

export interface Entries {
  get(id: number): Entry | undefined;
  size(): number;
  ids(): readonly number[];
  queues(): Iterable<Queue>;
  ofRequest(id: RequestId): readonly Entry[];
  add(entry: Entry): void;
  delete(id: number): void;
}

export function queueOf({ method, channel }: ChatCall): string {
  return `${method} ${channel}`;
}

export function createEntries(): Entries {
  const all = new Map<number, Entry>();
  const queues = new Map<string, Queue & Record<'inTurn' | 'byTime', Map<number, Entry>>>();
  const byRequest = new Map<RequestId, Map<number, Entry>>();

  function remove(id: number): void {
    const entry = all.get(id);
    if (!entry) return;
    all.delete(id);
    const { item, call } = entry;
    const queue = queues.get(queueOf(call));
    queue?.inTurn.delete(id);
    queue?.byTime.delete(id);
    if (queue?.inTurn.size === 0 && queue.byTime.size === 0) queues.delete(queue.name);
    const own = byRequest.get(item.requestId);
    own?.delete(id);
    if (own?.size === 0) byRequest.delete(item.requestId);
  }

  return {
    get: (id) => all.get(id),
    size: () => all.size,
    ids: () => [...all.keys()],
    queues: () => queues.values(),
    ofRequest: (id) => [...(byRequest.get(id)?.values() ?? [])],
    add(entry) {
      const { item, call } = entry;
      remove(item.id);
      all.set(item.id, entry);
      const name = queueOf(call);
      const queue = queues.get(name) ?? { name, call, inTurn: new Map(), byTime: new Map() };
      queues.set(name, queue);
      queue[item.isByTime ? 'byTime' : 'inTurn'].set(item.id, entry);
      const own = byRequest.get(item.requestId) ?? new Map<number, Entry>();
      byRequest.set(item.requestId, own.set(item.id, entry));
    },
    delete: remove,
  };
}
