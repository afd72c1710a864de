/** A run that slept while its lock was stolen changes nothing of what the newer one did, on a cluster that keeps count. */
import { expect, test } from 'vitest';
import { minuteMs } from '../../src/core/duration.ts';
import { fenceAnnotation } from '../../src/core/fence.ts';
import type { RunStep } from '../../src/core/request.ts';
import { dana, priya } from '../desk/desk-world.ts';
import { benchWorld } from './bench-world.ts';

test('a run whose process froze, and whose lock was stolen, leaves the newer run alone and names what remains', async () => {
  const bench = await benchWorld();
  try {
    const { store } = bench.context;
    const place = { service: 'payments', environment: 'staging' };
    const late = await bench.ask('service.scale', { ...place, replicas: 3 }, dana);
    const isFollowing = ({ id, state }: RunStep) => id === 'settled' && state === 'running';
    await bench.until(late, ({ steps }) => steps.some(isFollowing));
    // Its process stops here, with the claim in its hands.
    let frozen: string | undefined;
    for (let second = 0; frozen !== late && second < 60; second++) {
      await bench.clock.advance(1_000);
      frozen = (await store.claimDue('frozen', bench.clock.now(), 10 * minuteMs))?.request.id;
    }
    expect(frozen).toBe(late);

    const lock = { ...place, from: late, reason: 'it does not answer' };
    const stolen = await bench.finish(await bench.ask('lock.steal', lock, priya));
    expect(stolen.status).toBe('succeeded');
    const newer = await bench.finish(await bench.ask('service.restart', place, priya));
    expect(newer.status).toBe('succeeded');

    const ended = await bench.finish(late);
    expect(ended).toMatchObject({ status: 'failed', problem: { code: 'lock_lost' } });
    expect(ended.remains).toEqual(['Replicas set']);
    expect(ended.steps.find(({ state }) => state === 'undo_failed')?.note).toContain(
      'A newer run has changed',
    );
    const object = await bench.context.outside
      .cluster('sandbox')
      .read({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'payments', namespace: 'payments-staging' });
    expect(object).toMatchObject({
      metadata: { annotations: { [fenceAnnotation]: String(newer.lock?.fence) } },
      spec: { replicas: 3 },
    });
  } finally {
    await bench.close();
  }
});
