/**
 * The desk and its runners over a real store, a clock that stands still, and ports written by hand that a test can
 * bend. Beside the shipped actions there is one of its own, `thing.change`, whose steps each test says itself.
 */

import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { loadActions } from '../../src/actions/load.ts';
import { type Policy, readPolicy } from '../../src/approvals/policy.ts';
import { subjectsOf } from '../../src/approvals/subjects.ts';
import { createCodes } from '../../src/codes/create-codes.ts';
import { type Actions, defineAction, type Preview, type Step } from '../../src/core/action.ts';
import type { Catalog } from '../../src/core/catalog.ts';
import type { Cluster, Manifest } from '../../src/core/cluster.ts';
import { noChange } from '../../src/core/facts.ts';
import type { Forge } from '../../src/core/forge.ts';
import { type PersonId, personIdSchema, type RequestId } from '../../src/core/ids.ts';
import type { Person } from '../../src/core/person.ts';
import type { Directory, Log, Scheduler } from '../../src/core/ports.ts';
import { ok, ProblemError, problem, type Result } from '../../src/core/problem.ts';
import type { Store } from '../../src/core/store.ts';
import { createRunDesk } from '../../src/desk/carry.ts';
import { type DeskContext, readContext, requestKey } from '../../src/desk/context.ts';
import { createDesk } from '../../src/desk/create-desk.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { readCommandLine } from '../../src/handlers/read-command-line.ts';
import { type Runner, type RunnerOptions, startRunner } from '../../src/runner/runner.ts';
import { createWorldClock, type WorldClock } from '../../src/sandbox/clock.ts';
import { accepted, catalog } from '../approvals/shipped.ts';
import { memoryStore } from '../store/ready-store.ts';

export type ThingStep = Step<{ name: string }>;

export interface DeskWorld {
  readonly clock: WorldClock;
  readonly store: Store;
  readonly desk: Desk;
  readonly context: DeskContext;
  /** What there is of the outside, to bend. */
  readonly outside: Outside;
  /** What was logged for the operator, as `code` or message. */
  readonly logged: string[];
  /** What was said to one person alone, as `U0SAM: ...`. */
  readonly told: string[];
  /** These rules are in force from now on. */
  enforce(rules: string, more?: string): void;
  startRunner(options?: Partial<RunnerOptions>): Runner;
  /** Asks for `thing.change` and has it judged. */
  ask(requester: Person, key?: string): Promise<RequestId>;
  review(
    id: RequestId,
    by: Person,
    decision?: 'approve' | 'deny',
    digest?: string,
  ): ReturnType<Desk['review']>;
  request(id: RequestId): ReturnType<typeof requestIn>;
  /** The keys of every notice written so far, in their order. */
  notices(id: RequestId): Promise<string[]>;
  types(id: RequestId): Promise<string[]>;
  /** Lets time pass, and everything that falls due in it happen. */
  pass(ms: number): Promise<void>;
}

export interface Outside {
  people: Map<PersonId, Person>;
  isDirectoryAway: boolean;
  /** How old an answer might be, of each address that was asked for. */
  readonly askedWithin: (number | undefined)[];
  catalog: Catalog;
  actions: Map<string, Actions extends ReadonlyMap<string, infer One> ? One : never>;
  /** What `thing.change` would bring out. */
  commit: string;
  change: Preview['change'];
  /** Thrown by the preview. */
  previewProblem: ReturnType<typeof problem> | undefined;
  steps: readonly ThingStep[];
  cluster: Partial<Cluster>;
  forge: Partial<Forge>;
}

/** Wednesday 2026-11-18 10:00 in Berlin. */
const wednesday = Date.UTC(2026, 10, 18, 9);

export const twoPeople = `
  - id: things
    on: thing.change
    require: { count: 2, from: [sre, payments], because: two people }
`;
export const onePerson = twoPeople.replace('count: 2', 'count: 1');
export const atOnce = `
  - id: things
    on: thing.change
    allow: things change by themselves
`;

export function person(id: string, name: string, more: Partial<Person> = {}): Person {
  const first = name.toLowerCase();
  return { id: personIdSchema.parse(id), name, kind: 'member', email: `${first}@acme.example`, ...more };
}
export const dana = person('U0DANA', 'Dana');
export const priya = person('U0PRIYA', 'Priya');
export const max = person('U0MAX', 'Max');
export const sam = person('U0SAM', 'Sam');
export const lee = person('U0LEE', 'Lee');

const shippedActions = await loadActions();

export async function deskWorld(
  rules: string = twoPeople,
  options: {
    readonly keys?: ReadonlyMap<string, Buffer>;
    /** Whoever gives it closes it. */
    readonly store?: Store;
  } = {},
): Promise<DeskWorld> {
  const clock = createWorldClock({ mode: 'still', startAt: wednesday });
  const store = options.store ?? (await memoryStore());
  const runners: Runner[] = [];
  const logged: string[] = [];
  const outside: Outside = {
    people: new Map([dana, priya, max, sam, lee].map((one) => [one.id, one])),
    isDirectoryAway: false,
    askedWithin: [],
    catalog,
    actions: new Map(shippedActions),
    commit: 'c1',
    change: { ...noChange, commits: 1, checks: 'green' },
    previewProblem: undefined,
    steps: [{ id: 'only', title: 'The only step', do: async () => ({ state: 'done' }) }],
    cluster: quietCluster(),
    forge: {
      deployments: async () => [],
      recentDeployments: async () => [],
      repositoryUrl: (name) => `https://github.example/${name}`,
    },
  };
  outside.actions.set('thing.change', thingAction(outside));
  const subjects = subjectsOf(outside.actions);
  const read = (text: string, more = ''): Policy =>
    accepted(readPolicy({ file: 'policy.yml', text: `${more}rules:${text}` }, subjects, outside.catalog));
  let policy = read(rules);

  const told: string[] = [];
  const codes = createCodes({
    ...{ store, clock, log: logInto(logged), keys: options.keys ?? new Map([['test', Buffer.alloc(32, 7)]]) },
    tell: async (id, text) => void told.push(`${id}: ${text}`),
  });
  const context: DeskContext = {
    store,
    clock,
    codes,
    log: logInto(logged),
    directory: directoryOf(outside),
    // Looked up at every use: a test bends them while the desk holds this.
    outside: {
      get forge() {
        return outside.forge as Forge;
      },
      cluster: () => outside.cluster as Cluster,
    },
    actions: outside.actions,
    readLine: (line) => readCommandLine(line, outside.actions, outside.catalog),
    catalog: () => outside.catalog,
    policy: () => policy,
    changed: () => {
      for (const runner of runners) runner.wake();
    },
  };
  const desk = createDesk(context);

  async function settle() {
    await Promise.all(runners.map((runner) => runner.settle()));
  }
  onTestFinished(async () => {
    await Promise.all(runners.map((runner) => runner.stop()));
    if (!options.store) await store.close();
  });

  return {
    clock,
    store,
    desk,
    context,
    outside,
    logged,
    told,
    enforce: (text, more) => {
      policy = read(text, more);
    },
    startRunner(options = {}) {
      const runner = startRunner({
        store,
        clock,
        scheduler: noAlarms,
        log: context.log,
        holder: `runner-${runners.length + 1}`,
        desk: createRunDesk(context),
        decide: (id) => desk.decide(id),
        actions: outside.actions,
        reading: (requester) => readContext(context, requester),
        requestKey,
        ...options,
      });
      runners.push(runner);
      return runner;
    },
    async ask(requester, key = `ask ${clock.now()} ${Math.floor(performance.now() * 1000)}`) {
      const asked = value(
        await desk.submit({
          key,
          action: 'thing.change',
          input: { name: 'it' },
          requester,
          origin: { surface: 'command' },
        }),
      );
      return value(await desk.decide(asked.id)).id;
    },
    async review(id, by, decision = 'approve', digest) {
      const seen = digest ?? (await requestIn(store, id)).digest ?? '';
      const note = decision === 'deny' ? { note: 'not today' } : {};
      return desk.review({ id, by, decision, digest: seen, ...note });
    },
    request: (id) => requestIn(store, id),
    async notices(id) {
      const items = await noticesOf(store, id);
      return items;
    },
    types: async (id) => (await store.history(id)).map(({ event }) => event.type),
    async pass(ms) {
      const end = clock.now() + ms;
      for (await settle(); clock.now() < end; await settle()) {
        // What nobody looks after stays due, and nothing happens however slowly time passes.
        const due = (runners.length > 0 ? await store.nextDueAt() : undefined) ?? end;
        await clock.advance(Math.min(end - clock.now(), Math.max(1, due - clock.now())));
      }
    },
  };
}

/** `pass` itself goes from one due moment to the next; the runner's own alarms would only make a day long. */
export const noAlarms: Scheduler = { after: () => ({ cancel() {} }) };

export function value<Value>(result: Result<Value>): Value {
  if (result.ok) return result.value;
  throw new Error(`refused: ${JSON.stringify(result.problem)}`);
}

/** The code of a refusal; `accepted` when there is none. */
export function codeOf(result: Result<unknown>): string {
  return result.ok ? 'accepted' : result.problem.code;
}

export const away = problem('outside_unavailable', 'GitHub is away.', 'It is asked again.', {
  isTransient: true,
});
export const refusedOutside = problem('outside_refused', 'The cluster refuses it.', 'Ask the platform team.');

/** A step that notes what it does, and may be told to do something else. */
export function noting(notes: string[], id: string, more: Partial<ThingStep> = {}): ThingStep {
  return {
    id,
    title: `Step ${id}`,
    async do() {
      notes.push(`do ${id}`);
      return { state: 'done' };
    },
    async undo() {
      notes.push(`undo ${id}`);
      return { state: 'done' };
    },
    ...more,
  };
}

function thingAction(outside: Outside) {
  return defineAction({
    title: 'Change a thing',
    summary: 'Change it.',
    effect: 'change',
    channel: 'deploys',
    command: { slash: '/thing', positional: [{ field: 'name' }], examples: ['/thing it'] },
    input: z.strictObject({ name: z.string().meta({ title: 'Name' }) }),
    target: ({ name }) =>
      ok({
        kind: 'service',
        name,
        tier: 'production',
        team: 'payments',
        service: { name: 'payments', owners: ['payments'] },
      }),
    async preview({ name }) {
      if (outside.previewProblem) throw new ProblemError(outside.previewProblem);
      const { commit, change } = outside;
      return {
        sentence: `Changes ${name}.`,
        details: [],
        commits: [],
        resolved: { commit },
        cautions: [],
        ...(change === undefined ? {} : { change }),
      };
    },
    steps: () => outside.steps,
    outputs: () => ({ links: [], notes: [] }),
  });
}

function directoryOf(outside: Outside): Directory {
  const present = () => {
    if (!outside.isDirectoryAway) return;
    throw new ProblemError(
      problem('outside_unavailable', 'Slack is away.', 'Try again.', { isTransient: true }),
    );
  };
  return {
    async person(id) {
      present();
      const found = outside.people.get(id);
      if (!found) throw new ProblemError(problem('not_found', `Nobody is ${id}.`, 'Look again.'));
      return found;
    },
    async personByEmail(email, withinMs) {
      present();
      outside.askedWithin.push(withinMs);
      return [...outside.people.values()].find((one) => one.email === email);
    },
  };
}

/** Everything is done at once; what was applied can be read, and nothing else is there. */
function quietCluster(): Partial<Cluster> {
  const applied = new Map<string, Manifest>();
  const keyOf = (kind: string, namespace = '', name = '') => `${kind}/${namespace}/${name}`;
  return {
    apply: async (manifest) => {
      const { name, namespace } = manifest.metadata;
      applied.set(keyOf(manifest.kind, namespace, name), manifest);
    },
    create: async () => 'made',
    wouldMake: async () => true,
    createSecret: async () => 'made',
    read: async ({ kind, namespace, name }) => applied.get(keyOf(kind, namespace, name)),
    remove: async () => ({ state: 'gone' }),
    warnings: async () => [],
    workload: async () => ({
      version: '1.0',
      image: 'x:1.0',
      wanted: 1,
      ready: 1,
      restarts: 0,
      isSettled: true,
      troubles: [],
      mayRecover: true,
    }),
  };
}

function logInto(logged: string[]): Log {
  const note = (fields: Readonly<Record<string, unknown>>, message: string) =>
    void logged.push(typeof fields.code === 'string' ? fields.code : message);
  return { info: () => {}, warn: note, error: note };
}

async function requestIn(store: Store, id: RequestId) {
  const request = await store.load(id);
  if (!request) throw new Error(`there is no ${id}`);
  return request;
}

/** Notices are due once their card was posted, so it is posted here first. */
async function noticesOf(store: Store, id: RequestId): Promise<string[]> {
  const later = Date.UTC(2030, 0, 1);
  for (const item of await store.outbox(later, 1_000)) {
    if (item.requestId !== id || item.notice) continue;
    const { version } = await requestIn(store, id);
    await store.cardShown(item, { channel: 'C1', ts: '1.0', shownVersion: version });
  }
  const items = await store.outbox(later, 1_000);
  return items.flatMap(({ requestId, notice }) => (requestId === id && notice ? [notice.kind] : []));
}
