/** An action carried out by hand on the cluster at hand: its answer, or its preview and steps to their end. */
import type { Action, Answer, ReadContext, StepContext, StepResult } from '../../src/core/action.ts';
import type { Forge } from '../../src/core/forge.ts';
import { personIdSchema, type RequestId } from '../../src/core/ids.ts';
import { type Problem, ProblemError } from '../../src/core/problem.ts';
import { serviceSchema } from '../../src/core/service.ts';
import { catalog } from '../approvals/shipped.ts';
import type { RealWorld } from './world.ts';

export async function play(
  action: Action,
  given: Readonly<Record<string, unknown>>,
  world: RealWorld,
): Promise<{ answer?: Answer; problem?: Problem }> {
  const input = action.input.parse(given);
  const now = await nowOf(world);
  const reading = readingIn(world, now);
  if (action.effect === 'read') return { answer: await action.answer(input, reading) };
  try {
    const { resolved } = await action.preview(input, reading);
    const results: Record<string, StepResult> = {};
    for (const step of action.steps(input, reading.catalog)) {
      const context = {
        ...reading,
        ...{ resolved, results, stepStartedAt: now, waitingSince: now, attemptedAt: now, fence: undefined },
        idempotencyKey: `REQ-test:${step.id}`,
        request: { id: 'REQ-1' as RequestId, key: 'REQ-test', target: undefined as never },
      } as Partial<StepContext> as StepContext;
      const outcome = await world.until(
        () => step.do(input, context),
        ({ state }) => state === 'done',
      );
      if (outcome.state === 'done' && outcome.result) results[step.id] = outcome.result;
    }
    return {};
  } catch (error) {
    if (error instanceof ProblemError) return { problem: error.problem };
    throw error;
  }
}

/** The sandbox's clock stands still; a real cluster's does not, and ours is near enough. */
async function nowOf({ cluster, isSandbox }: RealWorld): Promise<number> {
  return isSandbox ? (await cluster.view({ kind: 'system' }).freshness()).asOf : Date.now();
}

function readingIn({ cluster, namespace, image }: RealWorld, now: number): ReadContext {
  const web = serviceSchema.parse({
    ...{ title: 'Web', owners: ['sre'], repository: 'acme/web' },
    environments: { test: { tier: 'dev', cluster: 'sandbox', namespace } },
    jobs: {
      hello: { title: 'Say hello', image, command: ['sh', '-c', 'echo hello'], timeout: '2m' },
    },
  });
  const forge: Partial<Forge> = {
    repositoryUrl: (repository) => `https://github.com/${repository}`,
    recentDeployments: async () => [],
  };
  const context: Partial<ReadContext> = {
    catalog: { ...catalog, services: { web } },
    requester: { id: personIdSchema.parse('U0SAM'), name: 'Sam', kind: 'system' },
    ...{
      now,
      forge: forge as Forge,
      cluster: () => cluster,
      locks: async () => ({ held: [], waiting: [] }),
      nameOf: async (email: string) => email,
    },
  };
  return context as ReadContext;
}
