/** An action about a service, carried out by hand against the sandbox's cluster: its preview, its steps, its undo. */
import type {
  Action,
  Answer,
  ChangeAction,
  Preview,
  ReadContext,
  StepContext,
  StepResult,
} from '../../src/core/action.ts';
import type { Catalog } from '../../src/core/catalog.ts';
import type { Cluster } from '../../src/core/cluster.ts';
import type { ClusterView } from '../../src/core/cluster-view.ts';
import type { Forge } from '../../src/core/forge.ts';
import { personIdSchema, type RequestId } from '../../src/core/ids.ts';
import type { LockTable } from '../../src/core/lock.ts';
import type { Person } from '../../src/core/person.ts';
import { type Problem, ProblemError } from '../../src/core/problem.ts';
import { catalog } from '../approvals/shipped.ts';
import { type ClusterSandbox, clusterSandbox } from '../platforms/kubernetes/world.ts';

export interface ServiceWorld extends ClusterSandbox {
  /** The cluster that actions get, and what GitHub tells them: both to bend. */
  outside: { cluster: Cluster; forge: Partial<Forge> };
  /** What exists, to replace. */
  catalog: Catalog;
  /** Who has what for themselves. */
  locks: LockTable;
  preview(action: Action, input: Record<string, unknown>): Promise<Preview>;
  answer(action: Action, input: Record<string, unknown>, requester?: Person): Promise<Answer>;
  run(action: Action, input: Record<string, unknown>, options?: RunOptions): Promise<Run>;
}

interface RunOptions {
  /** Every effect is made twice, as after a crash that lost its answer. */
  readonly isTwice?: boolean;
  /** Between the last step and the undo. */
  beforeUndo?(): Promise<void>;
}

/** What a card would show of it. */
export interface Run {
  readonly notes: Readonly<Record<string, string | undefined>>;
  readonly waited: readonly string[];
  readonly problem: Problem | undefined;
  readonly undone: Readonly<Record<string, string | undefined>>;
  readonly results: Readonly<Record<string, StepResult>>;
}

export function someone(name: string): Person {
  const id = personIdSchema.parse(`U0${name.toUpperCase()}`);
  return { id, name, kind: 'member', email: `${name.toLowerCase()}@acme.example` };
}

/** The same cluster, whose views answer otherwise where `bend` says so. */
export function bentView(cluster: Cluster, bend: (view: ClusterView) => Partial<ClusterView>): Cluster {
  return {
    ...cluster,
    view(viewer) {
      const view = cluster.view(viewer);
      return { ...view, ...bend(view) };
    },
  };
}

export async function serviceWorld(): Promise<ServiceWorld> {
  const sandbox = await clusterSandbox();
  const outside: ServiceWorld['outside'] = {
    cluster: sandbox.cluster,
    forge: { deployments: async () => [] },
  };
  const reading = (requester = someone('Sam')): ReadContext =>
    ({
      catalog: world.catalog,
      requester,
      now: sandbox.clock.now(),
      forge: {
        repositoryUrl: (repository) => `https://github.example/${repository}`,
        recentDeployments: (...of) => outside.forge.deployments?.(...of) ?? Promise.resolve([]),
        ...outside.forge,
      } as Forge,
      nameOf: async (email) => email.replace(/@.*/, ''),
      requests: async () => [],
      locks: async () => world.locks,
      cluster: () => outside.cluster,
      environments: async () => [],
    }) as Partial<ReadContext> as ReadContext;

  const world: ServiceWorld = {
    ...sandbox,
    outside,
    catalog,
    locks: { held: [], waiting: [] },
    preview: (action, input) => changing(action).preview(action.input.parse(input), reading()),
    answer(action, input, requester) {
      if (action.effect !== 'read') throw new Error(`${action.title} is no read`);
      return action.answer(action.input.parse(input), reading(requester));
    },
    async run(action, given, { isTwice = false, beforeUndo } = {}) {
      const input = action.input.parse(given);
      const target = action.target(input, {
        catalog: world.catalog,
        requesterGroups: [],
        environments: [],
        now: sandbox.clock.now(),
      } as never);
      if (!target.ok) throw new ProblemError(target.problem);
      const planned = await changing(action).preview(input, reading());
      const results: Record<string, StepResult> = {};
      const notes: Record<string, string | undefined> = {};
      const undone: Record<string, string | undefined> = {};
      const waited: string[] = [];
      const context = (stepStartedAt: number, id: string): StepContext => ({
        ...reading(),
        request: { id: 'REQ-1' as RequestId, key: 'REQ-1-key', target: target.value },
        resolved: planned.resolved,
        results,
        stepStartedAt,
        waitingSince: stepStartedAt,
        attemptedAt: stepStartedAt,
        idempotencyKey: `REQ-1-key:${id}`,
        fence: undefined,
      });
      const steps = changing(action).steps(input, world.catalog);
      for (const [index, step] of steps.entries()) {
        const startedAt = sandbox.clock.now();
        try {
          let outcome = await step.do(input, context(startedAt, step.id));
          while (outcome.state === 'waiting') {
            waited.push(outcome.note);
            await sandbox.clock.advance(outcome.againInMs);
            outcome = await step.do(input, context(startedAt, step.id));
          }
          if (isTwice) await step.do(input, context(startedAt, step.id));
          notes[step.id] = outcome.note;
          if (outcome.result) results[step.id] = outcome.result;
        } catch (error) {
          if (!(error instanceof ProblemError)) throw error;
          await beforeUndo?.();
          for (const done of steps.slice(0, index + 1).reverse()) {
            const outcome = await done.undo?.(input, context(sandbox.clock.now(), done.id));
            if (outcome) undone[done.id] = outcome.note;
          }
          return { notes, waited, problem: error.problem, undone, results };
        }
      }
      return { notes, waited, problem: undefined, undone, results };
    },
  };
  return world;
}

function changing(action: Action): ChangeAction {
  if (action.effect === 'read') throw new Error(`${action.title} changes nothing`);
  return action;
}
