/** A workflow on good and bad days: dispatched as asked, a failed job is named, a cancelled request cancels its run. */
import { expect, onTestFinished, test } from 'vitest';
import type { PlatformRequest } from '../../src/core/request.ts';
import { dana, value } from '../desk/desk-world.ts';
import { type Bench, benchWorld } from './bench-world.ts';

async function asked(values: Readonly<Record<string, unknown>> = { index: 'products' }) {
  const bench = await benchWorld();
  onTestFinished(() => bench.close());
  return { bench, run: () => bench.ask('workflow.run', { workflow: 'reindex-search', values }) };
}

const stepOf = (request: PlatformRequest, id: string) => request.steps.find((step) => step.id === id);
const runsOf = async (bench: Bench) =>
  (await bench.look()).github.runs.filter((run) => run.startsWith('Reindex'));

test('a run is started with the answers and our mark, and followed job by job', async () => {
  const { bench, run } = await asked({ index: 'categories', dry_run: false });
  const request = await bench.finish(await run());
  expect(request.status).toBe('succeeded');
  expect(stepOf(request, 'run')?.note).toBe('count passed and write passed');
  expect(request.outputs?.links).toEqual([
    { label: 'Workflow run', url: expect.stringContaining('/actions/runs/') },
  ]);
  expect(request.preview?.details).toEqual([
    { label: 'Index', value: 'categories' },
    { label: 'Batch size', value: '500' },
    { label: 'Dry run', value: 'no' },
  ]);
  expect(await runsOf(bench)).toEqual([
    expect.stringMatching(/^Reindex categories \[REQ-1-\w+\]: completed success$/),
  ]);
});

test('a job that fails is named, with where to read its log', async () => {
  const { bench, run } = await asked();
  bench.github.failNextRun({ repository: 'search', failsAt: { job: 'write' } });
  const request = await bench.finish(await run());
  expect(request).toMatchObject({
    status: 'failed',
    problem: {
      sentence: expect.stringMatching(/^The job write failed/),
      next: expect.stringMatching(/^Read its log: http/),
    },
  });
});

test('a request that is cancelled while it runs cancels its run at GitHub', async () => {
  const { bench, run } = await asked();
  const id = await run();
  await bench.until(id, (request) => stepOf(request, 'run')?.state === 'running');
  value(await bench.desk.cancel(id, dana));
  expect(await bench.finish(id)).toMatchObject({ status: 'cancelled', remains: [] });
  expect(await runsOf(bench)).toEqual([expect.stringMatching(/completed cancelled$/)]);
});

test('a run that GitHub cannot cancel is told so ever less often, and named in the end', async () => {
  const { bench, run } = await asked();
  const id = await run();
  await bench.until(id, (request) => stepOf(request, 'run')?.state === 'running');
  const { forge } = bench.context.outside;
  let cancels = 0;
  Object.assign(bench.context.outside, {
    forge: {
      ...forge,
      cancelRun: async () => {
        cancels += 1;
      },
      run: async (...of: Parameters<typeof forge.run>) => ({
        ...(await forge.run(...of)),
        status: 'in_progress',
      }),
    },
  });
  value(await bench.desk.cancel(id, dana));
  expect(await bench.finish(id)).toMatchObject({ status: 'failed', remains: ['Workflow started'] });
  expect(cancels).toBeGreaterThan(50);
  expect(cancels).toBeLessThan(70);
});
