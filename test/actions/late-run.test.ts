/** A run that slept while its lock was stolen changes nothing of what the newer one did, on a cluster that keeps count. */
import { expect, test } from 'vitest';
import type { Action, Actions } from '../../src/core/action.ts';
import { minuteMs } from '../../src/core/duration.ts';
import { fenceAnnotation } from '../../src/core/fence.ts';
import type { RunStep } from '../../src/core/request.ts';
import { dana, priya } from '../desk/desk-world.ts';
import { benchWorld, shipped } from './bench-world.ts';
import { atGithub, checkout, payments } from './deploy-world.ts';

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

test.each([
  ['workflow', 'dispatches', payments],
  ['merge', 'merges', checkout],
] as const)(
  'a run whose place a newer one takes right before its step %s no longer %s',
  async (stepId, _verb, asked) => {
    let newerRun = async (_fence: number | undefined) => {};
    const bench = await benchWorld(lateAt(stepId, (fence) => newerRun(fence)));
    try {
      // What a newer run leaves at GitHub: its own record, under a higher fence.
      newerRun = async (fence = 0) => {
        await atGithub(bench, 'POST', `${asked.service}/deployments`, {
          ...{ ref: asked.version, environment: asked.environment, auto_merge: false, required_contexts: [] },
          payload: {
            greenlight_request: 'REQ-9',
            greenlight_service: asked.service,
            greenlight_fence: fence + 1,
          },
        });
      };
      const ended = await bench.finish(await bench.ask('deploy', asked));
      expect(ended).toMatchObject({ status: 'failed', remains: [], problem: { code: 'conflict' } });
      expect(ended.problem?.sentence).toContain(`A newer run has changed ${asked.service} in staging since`);
      const { github } = await bench.look();
      expect(github.runs.filter((run) => run.includes('REQ-1'))).toEqual([]);
      expect(github.gitops.join()).not.toContain('v2.8.0');
      const records = await atGithub(bench, 'GET', `${asked.service}/deployments?environment=staging`);
      expect(records).toContainEqual(
        expect.objectContaining({
          payload: expect.objectContaining({ greenlight_fence: ended.lock?.fence }),
        }),
      );
    } finally {
      await bench.close();
    }
  },
);

test('a newer run of another service in the same repository does not stand in the way', async () => {
  const bench = await benchWorld();
  try {
    await atGithub(bench, 'POST', 'payments/deployments', {
      ...{ ref: 'v1.4.2', environment: 'staging', auto_merge: false, required_contexts: [] },
      payload: { greenlight_request: 'REQ-9', greenlight_service: 'ledger', greenlight_fence: 9e14 },
    });
    const ended = await bench.finish(await bench.ask('deploy', payments));
    expect(ended).toMatchObject({ status: 'succeeded' });
  } finally {
    await bench.close();
  }
});

/** Every deploy is held up right before this step, after the desk has looked at its lock for the last time. */
function lateAt(stepId: string, meanwhile: (fence: number | undefined) => Promise<void>): Actions {
  const deploy = shipped.get('deploy');
  if (!deploy || deploy.effect === 'read') throw new Error('no such change');
  let isOver = false;
  const late: Action = {
    ...deploy,
    steps: (input, catalog) =>
      deploy.steps(input, catalog).map((step) => ({
        ...step,
        async do(asked, context) {
          if (step.id === stepId && !isOver) {
            isOver = true;
            await meanwhile(context.fence);
          }
          return step.do(asked, context);
        },
      })),
  };
  return new Map(shipped).set('deploy', late);
}
