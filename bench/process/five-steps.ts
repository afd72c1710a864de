/** Our desk and runner over any store, with one action of five steps that do nothing but be remembered. */
import { z } from 'zod';
import { readPolicy } from '../../src/approvals/policy.ts';
import { subjectsOf } from '../../src/approvals/subjects.ts';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { systemClock, systemScheduler } from '../../src/clock.ts';
import { createCodes } from '../../src/codes/create-codes.ts';
import { type Actions, defineAction } from '../../src/core/action.ts';
import type { Catalog } from '../../src/core/catalog.ts';
import { personIdSchema, type RequestId } from '../../src/core/ids.ts';
import type { Person } from '../../src/core/person.ts';
import { ok } from '../../src/core/problem.ts';
import type { Store } from '../../src/core/store.ts';
import { createRunDesk } from '../../src/desk/carry.ts';
import { type DeskContext, readContext, requestKey } from '../../src/desk/context.ts';
import { createDesk } from '../../src/desk/create-desk.ts';
import type { Read } from '../../src/documents/document.ts';
import { type Runner, startRunner } from '../../src/runner/runner.ts';

export const stepsEach = 5;

export interface FiveSteps {
  /**
   * Asks, has it judged, and resolves when all of its steps are done; with the moments in which it was asked for, was let
   * through, and began with the first of them.
   */
  run(): Promise<{ readonly askedAt: number; readonly approvedAt: number; readonly firstStepAt: number }>;
  stop(): Promise<void>;
}

export function fiveSteps(store: Store, concurrency: number): FiveSteps {
  const begun = new Map<RequestId, number>();
  const ended = new Map<RequestId, () => void>();
  const actions = actionsWith((id, step) => {
    if (step === 0) begun.set(id, clockNow());
    if (step === stepsEach - 1) ended.get(id)?.();
  });
  const read = accepted(readCatalog({ file: 'catalog.yml', text: catalogText }));
  const catalog: Catalog = { ...read, blueprints: {}, workflows: {} };
  const policy = accepted(readPolicy({ file: 'policy.yml', text: policyText }, subjectsOf(actions), catalog));
  const runners: Runner[] = [];
  const context: DeskContext = {
    ...{ store, actions, clock: systemClock, log: quiet },
    directory: { person: async () => dana, personByEmail: async () => dana },
    outside: { forge: nothing(), cluster: () => nothing() },
    codes: createCodes({ store, clock: systemClock, log: quiet, keys: new Map(), tell: async () => {} }),
    catalog: () => catalog,
    policy: () => policy,
    readLine: () => ok({ action: 'bench.run', input: {} }),
    changed: () => {
      for (const runner of runners) runner.wake();
    },
  };
  const desk = createDesk(context);
  runners.push(
    startRunner({
      ...{ store, actions, clock: systemClock, scheduler: systemScheduler, log: quiet, holder: 'bench' },
      ...{ concurrency, requestKey, desk: createRunDesk(context) },
      decide: (id) => desk.decide(id),
      reading: (requester) => readContext(context, requester),
    }),
  );
  let asked = 0;
  return {
    async run() {
      const askedAt = clockNow();
      const submitted = await desk.submit({
        ...{ key: `bench ${asked++}`, action: 'bench.run', input: {}, requester: dana },
        origin: { surface: 'command' },
      });
      if (!submitted.ok) throw new Error(submitted.problem.sentence);
      const { id } = submitted.value;
      const done = new Promise<void>((resolve) => ended.set(id, resolve));
      const decided = await desk.decide(id);
      if (!decided.ok) throw new Error(decided.problem.sentence);
      const approvedAt = clockNow();
      await done;
      return { askedAt, approvedAt, firstStepAt: begun.get(id) ?? approvedAt };
    },
    async stop() {
      // Until the last success is written, not only its last step done.
      await Promise.all(runners.map((runner) => runner.settle()));
      await Promise.all(runners.map((runner) => runner.stop()));
    },
  };
}

function actionsWith(did: (id: RequestId, step: number) => void): Actions {
  const run = defineAction({
    title: 'Run',
    summary: 'Five steps.',
    effect: 'change',
    channel: 'requests',
    command: { slash: '/bench', positional: [], examples: ['/bench'] },
    input: z.strictObject({}),
    target: () => ok({ kind: 'service', name: 'bench', tier: 'dev', team: 'platform' }),
    preview: async () => ({ sentence: 'Runs.', details: [], commits: [], resolved: {}, cautions: [] }),
    locks: () => undefined,
    steps: () =>
      Array.from({ length: stepsEach }, (_, index) => ({
        id: `step${index}`,
        title: `Step ${index}`,
        do: async (_input: unknown, { request }: { readonly request: { readonly id: RequestId } }) => {
          did(request.id, index);
          return { state: 'done' as const, result: { index: String(index) } };
        },
      })),
    outputs: () => ({ links: [], notes: [] }),
  });
  return new Map([['bench.run', run]]);
}

const policyText = 'rules:\n  - id: everything\n    allow: everything is allowed on the bench\n';
const catalogText = JSON.stringify({
  zone: 'Europe/Berlin',
  groups: { sre: { title: 'SRE', members: ['dana@acme.example'] } },
  onCall: ['dana@acme.example'],
  clusters: { one: { title: 'One', context: 'one' } },
  environments: { cluster: 'one', teams: ['sre'], ttl: { default: '8h', max: '7d' } },
  prices: { currency: 'EUR', cpuHour: 0.045, memoryGiHour: 0.006 },
  services: {},
  blueprints: { folder: 'blueprints' },
});
const quiet = { info: () => {}, warn: () => {}, error: () => {} };
const dana: Person = {
  ...{ id: personIdSchema.parse('U0DANA'), name: 'Dana Fox', kind: 'member' },
  email: 'dana@acme.example',
};

/** No step of these looks outside. */
function nothing<Port>(): Port {
  return {} as Port;
}

function clockNow(): number {
  return performance.timeOrigin + performance.now();
}

function accepted<Value>(read: Read<Value>): Value {
  if (!read.ok) throw new Error(read.mistakes.map(({ message }) => message).join('; '));
  return read.value;
}
