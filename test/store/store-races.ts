/**
 * What holds when replicas do it at the same moment: each of them has a store of its own on one database, and their
 * transactions really overlap.
 */
import { expect, test } from 'vitest';
import type { AuditStore } from '../../src/core/audit.ts';
import { fold } from '../../src/core/fold.ts';
import { type RequestId, requestIdOf } from '../../src/core/ids.ts';
import type { PlatformRequest, RequestEvent } from '../../src/core/request.ts';
import type { Store } from '../../src/core/store.ts';
import { watchLimits } from '../../src/core/watch.ts';
import { exported, verified } from '../audit/logs.ts';
import { evaluated, monday, person, personId, requested, submit, write } from './example-requests.ts';
import { approved, outputs, startedOf } from './lock-moves.ts';

/** All that was asked for on Monday is due, whatever it waits for. */
const due = monday + 10 * 3_600_000;

export type OneStore = Store & AuditStore;

/** @param times how many do each at once. */
export function promiseRaces(stores: () => readonly [OneStore, OneStore], times: number): void {
  const [one, other] = [() => stores()[0], () => stores()[1]];
  /** By turns on both, all at once. */
  const atOnce = <Value>(work: (store: OneStore, index: number) => Promise<Value>) =>
    Promise.all(Array.from({ length: times }, (_, index) => work(index % 2 === 0 ? one() : other(), index)));
  const inOrder = async () => {
    const report = verified(await exported(one()));
    expect(report.fault).toBeUndefined();
    expect(await one().unchainedEvents(1)).toEqual([]);
    for (const request of await one().list({ limit: 1_000 })) {
      const events = (await one().history(request.id)).map(({ event }) => event);
      expect(fold(events)).toStrictEqual(request);
    }
  };

  test('submissions take numbers without holes, and the same one is one request', async () => {
    const made = await atOnce((store, index) =>
      store.create(`key ${Math.floor(index / 2)}`, (id) => [requested(id)]),
    );
    expect(
      countOf(
        made.map(({ isNew }) => isNew),
        true,
      ),
    ).toBe(Math.ceil(times / 2));
    const ids = (await one().list({ limit: 1_000 })).map(({ id }) => id);
    expect(ids.toReversed()).toEqual(ids.map((_, index) => requestIdOf(index + 1)));
    await inOrder();
  });

  test('of changes that were decided on one version one is written', async () => {
    const { id } = await submit(one(), 'a');
    const outcomes = await atOnce((store, index) =>
      store.append({
        ...{ requestId: id, expectedVersion: 1, notices: [] },
        events: [evaluated('hold', monday + index)],
      }),
    );
    expect(
      countOf(
        outcomes.map(({ outcome }) => outcome),
        'appended',
      ),
    ).toBe(1);
    await inOrder();
  });

  test('each request is claimed by one', async () => {
    for (let index = 0; index < times / 2; index++) await submit(one(), `key ${index}`);
    const claims = await atOnce((store, index) => store.claimDue(`runner ${index}`, due, 1_000));
    const ids = claims.flatMap((claimed) => claimed?.request.id ?? []);
    // Two may have looked at one row: then one of them finds nothing, and looks again.
    expect(new Set(ids).size).toBe(ids.length);
    for (let left = times / 2 - ids.length; left > 0; left--) {
      expect(await other().claimDue('late', due, 1_000)).toBeDefined();
    }
    expect(await other().claimDue('late', due, 1_000)).toBeUndefined();
  });

  test('a lock has one holder, whoever starts, ends and comes at one moment', async () => {
    const requests: PlatformRequest[] = [];
    for (let index = 0; index < times; index++) requests.push(await approved(one(), `key ${index}`));
    const started = await atOnce((store, index) => startOrWait(store, requests[index]?.id ?? requestIdOf(0)));
    expect(countOf(started, true)).toBe(1);
    // Whoever holds it ends, and all who wait try again, until each has had it.
    for (let round = 1; round < times; round++) {
      const { held } = await one().locks();
      expect(held).toHaveLength(1);
      const holder = await one().load(held[0]?.requestId ?? requestIdOf(0));
      const waiting = (await other().locks()).waiting.map(({ requestId }) => requestId);
      const [, ...tries] = await Promise.all([
        holder && write(one(), holder, [{ type: 'succeeded', at: monday, outputs }]),
        ...waiting.slice(0, 3).map((id) => startOrWait(other(), id)),
      ]);
      if (!tries.includes(true)) expect(await startOrWait(other(), waiting[0] ?? requestIdOf(0))).toBe(true);
    }
    expect((await one().locks()).waiting).toEqual([]);
    await inOrder();
  });

  test('a limit that is counted before it is written is kept', async () => {
    const answers = await atOnce((store, index) => {
      const input = { action: 'service.status', input: {}, channel: `C${index}`, ts: '', until: monday };
      return store.addWatch({ ...input, id: `w${index}`, by: personId('UADA') });
    });
    expect(countOf<string>(answers, 'added')).toBe(Math.min(times, watchLimits.perPerson));
  });

  test('what is done once is done by one', async () => {
    await one().setTimer('report', monday);
    await one().beginCode(personId('UADA'), 'sealed', monday);
    await one().tellOnce('policy.yml', 'line 3');
    await one().couldNotTell('policy.yml', 'line 3');
    const confirmed = { sealed: 'sealed', step: 1, at: monday };
    const once: readonly ((store: OneStore, index: number) => Promise<boolean>)[] = [
      (store) => store.keepClick('click', '{}', monday, 1_000),
      async (store) => (await store.lapsedClicks(monday + 1_000, 1_000, 0)).length === 1,
      (store) => store.claimTimer('report', monday, 1_000),
      (store) => store.tellOnce('cluster', 'away'),
      (store) => store.tellAgain('policy.yml', 'line 3'),
      (store) => store.moveCursor('sink', 0, 7),
      (store) => store.confirmCode(personId('UADA'), confirmed, undefined),
      async (store, index) =>
        (await store.claimLease('leader', `holder ${index}`, monday, 1_000)) !== undefined,
    ];
    for (const work of once) expect(countOf(await atOnce(work), true)).toBe(1);
    const well = await atOnce((store) => store.tellOnce('cluster', ''));
    expect(countOf(well, true)).toBe(1);
  });

  test('the same deliveries handled at once, in any order, hold nobody up', async () => {
    // Long after the first of them, when the old key is forgotten by all at once.
    await one().handled('old', monday, 1_000);
    const keys = ['a', 'b', 'c', 'd'];
    await atOnce((store, index) =>
      Promise.all(
        keys.map((_, place) =>
          store.handled(keys[(place + index) % keys.length] ?? '', monday + 5_000, 1_000),
        ),
      ),
    );
    const known = await Promise.all(['old', ...keys].map((key) => one().wasHandled(key)));
    expect(known).toEqual([false, true, true, true, true]);
  });

  test('a code is spent once, and a try is counted each time', async () => {
    const ada = personId('UADA');
    await one().beginCode(ada, 'sealed', monday);
    await one().confirmCode(ada, { sealed: 'sealed', step: 1, at: monday }, undefined);
    const requests: PlatformRequest[] = [];
    for (let index = 0; index < times; index++) requests.push(await submit(one(), `key ${index}`));
    const spent = await atOnce((store, index) =>
      store.append({
        ...{ requestId: requestIdOf(index + 1), expectedVersion: 1, notices: [] },
        ...{ events: [evaluated('hold')], code: { person: ada, step: 2 } },
      }),
    );
    expect(
      countOf(
        spent.map(({ outcome }) => outcome),
        'appended',
      ),
    ).toBe(1);
    const tries = await atOnce((store) => store.tryCode(ada, monday, { max: 3, withinMs: 1_000 }));
    expect(tries.filter((tried) => 'left' in tried)).toHaveLength(3);
  });

  test('a draft belongs to whoever opened it, and of two who lend a voice at once one did so last', async () => {
    const saved = await atOnce((store, index) => {
      const owner = personId(`U${index}`);
      return store.saveDraft({ id: 'form', owner, values: {}, savedAt: monday }, 1_000);
    });
    expect(countOf(saved, true)).toBe(1);
    const requests: PlatformRequest[] = [];
    for (let index = 0; index < times; index++) {
      const request = await approved(one(), `key ${index}`);
      requests.push(await write(one(), request, [{ ...startedOf(request), lock: undefined } as never]));
    }
    await atOnce((store, index) => {
      const request = requests[index] as PlatformRequest;
      const from = person('Ada');
      const lent = { requestId: request.id, from, to: person('Bob'), since: monday, until: monday + 1_000 };
      return write(store, request, [
        { type: 'succeeded', at: monday, outputs: { ...outputs, delegation: lent } },
      ]);
    });
    expect(await one().delegations(monday)).toHaveLength(1);
    await inOrder();
  });

  test('refusals, old ones that are forgotten and requests that are redacted leave one chain that verifies', async () => {
    const day = 86_400_000;
    const refusal = { door: '/env', code: 'own_request', sentence: 'No.', reference: 'r', times: 1 } as const;
    const requests: PlatformRequest[] = [];
    for (let index = 0; index < times; index++) {
      await one().addRefusal({ ...refusal, at: monday, by: 'UEVE' });
      const request = await submit(one(), `key ${index}`);
      requests.push(await write(one(), request, [evaluated('require_approval')]));
    }
    const late = monday + 400 * day;
    const racing: readonly ((store: OneStore, index: number) => Promise<unknown>)[] = [
      (store) => store.addRefusal({ ...refusal, at: monday + 100 * day, by: 'UEVE' }),
      (store, index) => {
        const request = requests[index] as PlatformRequest;
        return write(store, request, [{ type: 'cancelled', at: monday + 1, by: person('Ada') }]);
      },
      (store) => store.redactRequests({ before: late }, 'all', late, times),
    ];
    await Promise.all(racing.map((work) => atOnce(work)));
    expect((await one().refusals(1_000)).every(({ at }) => at > monday)).toBe(true);
    await inOrder();
    await one().redactRequests({ before: late }, 'all', late, times);
    expect(JSON.stringify(await one().list({ limit: 1_000 }))).not.toContain('UADA');
    await inOrder();
  });

  async function startOrWait(store: OneStore, id: RequestId): Promise<boolean> {
    for (;;) {
      const request = await store.load(id);
      if (request?.status !== 'approved') return request?.status === 'running';
      const queued: RequestEvent = {
        ...{ type: 'lock_queued', at: monday, behind: [], place: 1 },
        order: lockOrderOf(request),
      };
      for (const event of [startedOf(request), ...(request.queue ? [] : [queued])]) {
        const change = { requestId: id, expectedVersion: request.version, events: [event], notices: [] };
        if ((await store.append(change)).outcome === 'appended') return event.type === 'started';
      }
      if (request.queue) return false;
    }
  }
}

/** @param batches of twenty approvals, each of which comes at the same moment as a postponement. */
export function promiseWakes(stores: () => readonly [OneStore, OneStore], batches: number): void {
  test('an approval is never parked: it ends a postponement that comes at the same moment', async () => {
    const [one, other] = stores();
    const twenty = Array.from({ length: 20 }, (_, index) => index);
    for (let batch = 0; batch < batches; batch++) {
      for (const index of twenty) {
        await write(one, await submit(one, `key ${batch} ${index}`), [evaluated('require_approval')]);
      }
      const parked = await Promise.all(
        twenty.map(async () => {
          const { request, claim } = await claimOne(one);
          const approval = { type: 'approved', at: due, because: 'policy' } as const;
          const change = { requestId: request.id, expectedVersion: request.version, notices: [] };
          const [, ...outcomes] = await Promise.all([
            one.postpone(claim, due + 90_000_000),
            ...[one, other].map((store) => store.append({ ...change, events: [approval] })),
          ]);
          expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['appended', 'conflict']);
          return request.id;
        }),
      );
      expect(await other.nextDueAt()).toBeLessThanOrEqual(due);
      const again = await Promise.all(twenty.map(() => claimOne(other)));
      expect(again.map(({ request }) => request.id).sort()).toEqual(parked.sort());
      await Promise.all(again.map(({ claim }) => other.postpone(claim, due + 90_000_000)));
    }
  });
}

/** A moment may pass in which another looks at the only row that is left. */
async function claimOne(store: OneStore) {
  for (let tries = 0; tries < 100; tries++) {
    const claimed = await store.claimDue('runner', due, 1_000);
    if (claimed) return claimed;
  }
  throw new Error('nothing is due');
}

function countOf<Value>(values: readonly Value[], wanted: Value): number {
  return values.filter((value) => value === wanted).length;
}

function lockOrderOf(request: PlatformRequest) {
  const started = startedOf(request);
  if (started.type !== 'started' || !started.lock) throw new Error('it takes no lock');
  const { requestId, keys, kind, holder, over } = started.lock;
  return { requestId, keys, kind, holder, over };
}
