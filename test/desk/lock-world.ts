/** A desk whose `thing.change` needs payments in staging for itself, and whose rules allow everything. */
import type { ChangeAction } from '../../src/core/action.ts';
import type { RequestId } from '../../src/core/ids.ts';
import { lockKeyOf } from '../../src/core/lock-key.ts';
import type { Person } from '../../src/core/person.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { type DeskWorld, deskWorld, value } from './desk-world.ts';

export interface LockWorld extends DeskWorld {
  order(action: string, input: Readonly<Record<string, unknown>>, by: Person): Promise<RequestId>;
  /** Takes a lock of payments in staging, and lets it be taken. */
  lock(by: Person, more?: Readonly<Record<string, unknown>>): Promise<PlatformRequest>;
  /** A run that stays at work until `open` is called. */
  gate(): { readonly did: string[]; open(): void };
  status(id: RequestId): Promise<string>;
  /** Behind whom it waits. */
  behind(id: RequestId): Promise<readonly string[]>;
}

export const place = { service: 'payments', environment: 'staging' };
export const placeKey = lockKeyOf('payments', 'staging');

const everythingAllowed = `
  - id: everything
    allow: everything is allowed here
`;

export async function lockWorld(options: Parameters<typeof deskWorld>[1] = {}): Promise<LockWorld> {
  const world = await deskWorld(everythingAllowed, options);
  const thing = world.outside.actions.get('thing.change') as ChangeAction;
  world.outside.actions.set('thing.change', { ...thing, locks: () => ({ keys: [placeKey] }) });
  let asked = 0;
  const order: LockWorld['order'] = async (action, input, requester) => {
    const key = `order ${++asked}`;
    const ask = { key, action, input, requester, origin: { surface: 'command' as const } };
    return value(await world.desk.decide(value(await world.desk.submit(ask)).id)).id;
  };
  return {
    ...world,
    order,
    async lock(by, more = {}) {
      const id = await order('lock.take', { ...place, reason: 'incident 42', ...more }, by);
      await world.pass(0);
      return world.request(id);
    },
    gate() {
      const did: string[] = [];
      let isOpen = false;
      world.outside.steps = [
        {
          id: 'work',
          title: 'Work',
          async do(_input, context) {
            if (!did.includes(context.request.id)) did.push(context.request.id);
            return isOpen ? { state: 'done' } : { state: 'waiting', note: 'at work', againInMs: 1_000 };
          },
          async undo(_input, context) {
            did.push(`undo ${context.request.id}`);
            return { state: 'done' };
          },
        },
      ];
      return {
        did,
        open: () => {
          isOpen = true;
        },
      };
    },
    status: async (id) => (await world.request(id)).status,
    behind: async (id) => (await world.request(id)).queue?.behind.map((one) => one.requestId) ?? [],
  };
}
