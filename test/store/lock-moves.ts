/** What is done to locks in the store's tests: one event each, or a conflict. */
import type { Lock, LockOrder } from '../../src/core/lock.ts';
import { lockKeySchema } from '../../src/core/lock-key.ts';
import type { Person } from '../../src/core/person.ts';
import type { PlatformRequest, RequestEvent } from '../../src/core/request.ts';
import type { Store } from '../../src/core/store.ts';
import { evaluated, monday, person, plan, submit, write } from './example-requests.ts';

export const staging = lockKeySchema.parse('payments/staging');
export const production = lockKeySchema.parse('payments/production');
export const payments = lockKeySchema.parse('payments/*');
export const search = lockKeySchema.parse('search/staging');
export const all = lockKeySchema.parse('*');

export const outputs = { links: [], notes: [] };

export async function approved(
  store: Store,
  key: string,
  requester: Person = person('Ada'),
): Promise<PlatformRequest> {
  const request = await submit(store, key, { requester });
  return write(store, request, [evaluated('allow'), { type: 'approved', at: monday, because: 'policy' }]);
}

function orderOf(request: PlatformRequest, more: Partial<LockOrder>): LockOrder {
  return {
    requestId: request.id,
    keys: [staging],
    kind: 'run',
    holder: request.requester,
    over: [],
    ...more,
  };
}

export function startedOf(request: PlatformRequest, more: Partial<LockOrder> = {}): RequestEvent {
  const lock: Lock = { ...orderOf(request, more), fence: 0, reason: 'a test', since: monday };
  return { type: 'started', at: monday, plan, lock };
}

export function firstOf(request: PlatformRequest): RequestEvent {
  const { id, action, effect, input, target, requester, origin, channel } = request;
  return { type: 'requested', at: monday, id, action, effect, input, target, requester, origin, channel };
}

/** `undefined` when it is a conflict. */
export function start(store: Store, request: PlatformRequest, more: Partial<LockOrder> = {}) {
  return append(store, request, startedOf(request, more));
}

export async function queue(store: Store, request: PlatformRequest, more: Partial<LockOrder> = {}) {
  const order = orderOf(request, more);
  return append(store, request, { type: 'lock_queued', at: monday, order, behind: [], place: 1 });
}

async function append(store: Store, request: PlatformRequest, event: RequestEvent) {
  const change = { requestId: request.id, expectedVersion: request.version, events: [event], notices: [] };
  const appended = await store.append(change);
  return appended.outcome === 'appended' ? appended.request : undefined;
}
