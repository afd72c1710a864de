/** What the real GitHub answered, years apart, read by our own eyes. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Forge } from '../../../src/core/forge.ts';
import { connectGithub } from '../../../src/platforms/github/forge.ts';
import { readShared } from '../shared-data.ts';
import { problemFrom } from './world.ts';

const pairSchema = z.object({
  method: z.string(),
  path: z.string(),
  status: z.number(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown(),
});
type Pair = z.infer<typeof pairSchema>;

/** The pairs of a recording; none when there is none. */
function recording(name: string): Pair[] {
  const text = readShared(`github/recorded-pygithub/${name}.json`);
  return text === undefined ? [] : z.array(pairSchema).parse(JSON.parse(text));
}

afterEach(() => vi.unstubAllGlobals());

/** A forge that is answered by the first recorded pair whose path matches; 404 otherwise. */
function forgeOf(
  pairs: readonly { readonly path: RegExp; readonly pair: Pick<Pair, 'status' | 'body'> }[],
): Forge {
  vi.stubGlobal('fetch', async (input: unknown) => {
    const path = new URL(String(input)).pathname;
    const { status, body } = pairs.find((one) => one.path.test(path))?.pair ?? { status: 404, body: {} };
    return status === 204 ? new Response(null, { status }) : Response.json(body, { status });
  });
  return connectGithub({ auth: { token: 'recorded' } });
}

function last(pairs: readonly Pair[], path: RegExp): Pair | undefined {
  return pairs.findLast((pair) => path.test(pair.path));
}

const somewhere = 'owner/name';

describe('recorded answers', () => {
  const compared = last(recording('Repository.testCompare'), /compare/);
  it.skipIf(!compared)('a comparison of 2012 is read, newest first', async () => {
    if (!compared) return;
    const body = z
      .object({ total_commits: z.int(), commits: z.array(z.object({ sha: z.string() })) })
      .parse(compared.body);
    const found = await forgeOf([{ path: /compare/, pair: compared }]).compare(somewhere, 'v0.6', 'v0.7');
    expect(found.total).toBe(body.total_commits);
    expect(found.commits[0]?.sha).toBe(body.commits.at(-1)?.sha);
  });

  const deployed = last(recording('Repository.testGetDeployments'), /deployments$/);
  const statuses = last(recording('DeploymentStatus.testGetStatuses'), /statuses/);
  it.skipIf(!deployed || !statuses)('deployments and their statuses are read', async () => {
    if (!deployed || !statuses) return;
    const forge = forgeOf([
      { path: /statuses$/, pair: statuses },
      { path: /deployments$/, pair: deployed },
    ]);
    const found = await forge.deployments(somewhere, 'test', 3);
    expect(found.length).toBeGreaterThan(0);
    for (const one of found) {
      expect(one.at).toBeGreaterThan(0);
      expect(one.by).not.toBe('unknown');
    }
  });

  const runs = last(recording('Repository.testGetWorkflowRunsCreated'), /runs/);
  const jobs = last(recording('WorkflowRun.test_jobs'), /jobs/);
  it.skipIf(!runs || !jobs)('a run and its jobs are read', async () => {
    if (!runs || !jobs) return;
    const [run] = z.object({ workflow_runs: z.array(z.unknown()) }).parse(runs.body).workflow_runs;
    const forge = forgeOf([
      { path: /jobs$/, pair: jobs },
      { path: /runs\/\d+$/, pair: { status: 200, body: run } },
    ]);
    const found = await forge.run(somewhere, 1);
    expect(found.status).toBe('completed');
    expect(found.jobs.length).toBeGreaterThan(1);
  });

  const status = last(recording('CommitCombinedStatus.setUp'), /status$/);
  const checks = last(recording('CheckRun.testGetCheckRunsForRefFilterByCheckName'), /check-runs/);
  it.skipIf(!status || !checks)('check runs and statuses of a commit are read', async () => {
    if (!status || !checks) return;
    const forge = forgeOf([
      { path: /status$/, pair: status },
      { path: /check-runs$/, pair: checks },
      { path: /actions\/runs$/, pair: { status: 200, body: { total_count: 0, workflow_runs: [] } } },
    ]);
    expect(await forge.checks(somewhere, 'a'.repeat(40))).toMatchObject({
      state: 'red',
      names: ['test (Python 3.6)'],
    });
  });

  const dispatched = last(recording('Workflow.testCreateDispatchWithReturnRunDetails'), /dispatches/);
  it.skipIf(!dispatched)('a dispatch tells its run', async () => {
    if (!dispatched) return;
    const forge = forgeOf([{ path: /dispatches$/, pair: dispatched }]);
    const order = { repository: somewhere, workflow: 'x.yml', ref: 'main', inputs: {} };
    expect(await forge.dispatch(order)).toEqual({ id: expect.any(Number) });
  });

  const refused = last(recording('Workflow.testCreateDispatchException'), /dispatches/);
  it.skipIf(!refused)('a refused dispatch passes GitHub’s words on', async () => {
    if (!refused) return;
    const forge = forgeOf([{ path: /dispatches$/, pair: refused }]);
    const order = { repository: somewhere, workflow: 'x.yml', ref: 'main', inputs: {} };
    expect((await problemFrom(forge.dispatch(order))).sentence).toContain(
      "Required input 'mandatory-parameter' not provided",
    );
  });

  const uncancelled = last(recording('WorkflowRun.test_cancel'), /cancel/);
  it.skipIf(!uncancelled)('a cancel that we have no right to says so', async () => {
    if (!uncancelled) return;
    const forge = forgeOf([{ path: /cancel$/, pair: uncancelled }]);
    const found = await problemFrom(forge.cancelRun(somewhere, 1));
    expect(found.sentence).toContain('Must have admin rights to Repository');
  });
});

describe('recorded refusals', () => {
  const text = readShared('github/error-bodies.json');
  const errors = z
    .object({
      errors: z.array(
        z.object({
          case: z.string(),
          status: z.number(),
          headers: z.record(z.string(), z.string()).optional(),
          body: z.unknown(),
        }),
      ),
    })
    .parse(text === undefined ? { errors: [] } : JSON.parse(text)).errors;

  it.skipIf(!text)(
    'each becomes a problem with a sentence and a next step, and limits are told apart from rights',
    async () => {
      for (const error of errors) {
        vi.stubGlobal('fetch', async () =>
          Response.json(error.body, { status: error.status, headers: error.headers ?? {} }),
        );
        const found = await problemFrom(connectGithub({ auth: { token: 'x' } }).tags(somewhere, 1));
        expect(found.sentence, error.case).toMatch(/\.$/);
        expect(found.next, error.case).not.toBe('');
        const isLimit = /rate limit|secondary/.test(error.case);
        expect(found.retryAfterMs !== undefined, error.case).toBe(isLimit);
        expect(found.isTransient ?? false, error.case).toBe(isLimit || error.status >= 500);
      }
    },
  );
});
