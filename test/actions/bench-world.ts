/**
 * Actions carried out by the real desk, runner, store and adapters against the sandbox's GitHub and cluster: everything
 * but Slack. The clock stands still but for `finish`, the guardrails allow everything: an action does not know them.
 */

import { loadActions } from '../../src/actions/load.ts';
import { readPolicy } from '../../src/approvals/policy.ts';
import { subjectsOf } from '../../src/approvals/subjects.ts';
import { createCodes } from '../../src/codes/create-codes.ts';
import type { Actions } from '../../src/core/action.ts';
import type { Catalog } from '../../src/core/catalog.ts';
import type { Cluster } from '../../src/core/cluster.ts';
import type { RequestId } from '../../src/core/ids.ts';
import type { Outside } from '../../src/core/outside.ts';
import type { Person } from '../../src/core/person.ts';
import type { Clock } from '../../src/core/ports.ts';
import { isEnded, type PlatformRequest } from '../../src/core/request.ts';
import { createRunDesk } from '../../src/desk/carry.ts';
import { type DeskContext, readContext, requestKey } from '../../src/desk/context.ts';
import { createDesk } from '../../src/desk/create-desk.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { readCommandLine } from '../../src/handlers/read-command-line.ts';
import { connectGithub } from '../../src/platforms/github/forge.ts';
import { connectCluster } from '../../src/platforms/kubernetes/cluster.ts';
import { loadKubeconfig } from '../../src/platforms/kubernetes/kubeconfig.ts';
import { connectPrometheus } from '../../src/platforms/prometheus/connect.ts';
import { startRunner } from '../../src/runner/runner.ts';
import { createWorldClock, type WorldClock } from '../../src/sandbox/clock.ts';
import { startClusterBox } from '../../src/sandbox/cluster/box.ts';
import type { ClusterControl } from '../../src/sandbox/cluster/control.ts';
import { type ClusterSeed, readClusterSeed } from '../../src/sandbox/cluster/seed.ts';
import { createFaults, type Faults } from '../../src/sandbox/faults.ts';
import { startGithubBox } from '../../src/sandbox/github/box.ts';
import type { GithubControl } from '../../src/sandbox/github/control.ts';
import { loadGithubSeed } from '../../src/sandbox/github/seed.ts';
import { createJournal } from '../../src/sandbox/journal.ts';
import { startPrometheusBox } from '../../src/sandbox/prometheus/box.ts';
import { connectBoxes } from '../../src/sandbox/world-glue.ts';
import { accepted, catalog } from '../approvals/shipped.ts';
import { dana, noAlarms, priya, sam, value } from '../desk/desk-world.ts';
import { withRightsAsShipped } from '../kubernetes-rights.ts';
import { memoryStore } from '../store/ready-store.ts';
import { type Look, lookAtCluster, lookAtGithub } from './bench-look.ts';

export interface Call {
  readonly box: 'github' | 'cluster' | 'prometheus';
  readonly operation: string;
  /** Whether it may change something. */
  readonly isWrite: boolean;
}

/** The desk and its runner, wherever the outside is. */
export interface BenchDesk {
  readonly desk: Desk;
  readonly context: DeskContext;
  /** Asks for it and has it judged. */
  ask(action: string, input: Readonly<Record<string, unknown>>, requester?: Person): Promise<RequestId>;
  /** Lets time pass until the request has ended, at most three hours when nothing else is said. */
  finish(id: RequestId): Promise<PlatformRequest>;
  /** The same, until this is true of it. */
  until(id: RequestId, isSo: (request: PlatformRequest) => boolean): Promise<PlatformRequest>;
  close(): Promise<void>;
}

export interface BenchDeskOptions {
  readonly clock: Clock;
  readonly outside: Outside;
  readonly catalog: Catalog;
  readonly actions: Actions;
  /** Lets this much time pass, or less. */
  pass(ms: number): Promise<unknown>;
  /** How long a request is waited for, in milliseconds of that clock. */
  readonly longest?: number;
}

export interface Bench extends BenchDesk {
  readonly clock: WorldClock;
  readonly faults: Faults;
  readonly github: GithubControl;
  /** For a hand at GitHub that is not the bot's. */
  readonly githubUrl: string;
  readonly cluster: ClusterControl;
  /** Somebody with all rights at work on the cluster: Greenlight itself has those of deploy/kubernetes-rbac.yml. */
  readonly hand: Cluster;
  /** What the outside was asked since the last time this was asked; not by `look`. */
  calls(): Call[];
  /** Every call so far that only reads. */
  reads(): string[];
  look(): Promise<Look>;
  /** What somebody with all rights does on the cluster meanwhile: `byHand('DELETE', '/api/v1/namespaces/env-x')`. */
  byHand(method: string, path: string): Promise<void>;
}

/** Wednesday 2026-11-18 10:00 in Berlin. */
const wednesday = Date.UTC(2026, 10, 18, 9);
const threeHours = 3 * 3_600_000;
const prometheusToken = 'sandbox-prometheus-token';
const githubToken = 'ghs_sandboxGreenlightInstallation0000000000';

export async function benchWorld(actions: Actions = shipped): Promise<Bench> {
  const clock = createWorldClock({ mode: 'still', startAt: wednesday });
  const faults = createFaults();
  const journal = createJournal();
  const boxes = { port: 0, clock, faults, journal };
  const cluster = await startClusterBox({ ...boxes, seed: clusterSeed });
  const github = await startGithubBox({ ...boxes, seed: githubSeed });
  const prometheus = await startPrometheusBox({ ...boxes, cluster, token: prometheusToken });
  const cut = connectBoxes(github, cluster, clock);
  const signIn = (token: string, fieldManager: string) =>
    connectCluster({
      kubeconfig: loadKubeconfig({ literal: kubeconfigFor(cluster.url, token) }),
      context: 'sandbox',
      fieldManager,
      now: clock.now,
    });
  const connected = signIn('sandbox-cluster-token-greenlight', 'greenlight');
  const hand = signIn('sandbox-cluster-token-admin', 'admin');
  const bench = await benchDesk({
    ...{ clock, catalog, actions, pass: clock.advance },
    outside: {
      forge: connectGithub({ auth: { token: githubToken }, baseUrl: github.url, now: clock.now }),
      cluster: () => connected,
      metrics: connectPrometheus({ url: prometheus.url, token: prometheusToken }),
    },
  });

  let called: Call[] = [];
  let lookers = 0;
  // Not read from the journal: that forgets, and a long run makes more calls than it keeps.
  journal.subscribe(({ box, operation }) => {
    if (box === 'slack' || lookers > 0 || operation.startsWith('webhook:')) return;
    called.push({
      box,
      operation,
      isWrite: box !== 'prometheus' && !/^(?:GET|HEAD) |\?dryRun=/.test(operation),
    });
  });
  return {
    ...bench,
    clock,
    faults,
    github: github.control,
    githubUrl: github.url,
    cluster: cluster.control,
    hand,
    calls() {
      const since = called;
      called = [];
      return since;
    },
    reads: () =>
      journal.since(0).flatMap(({ operation }) => (/^(?:GET|HEAD) /.test(operation) ? [operation] : [])),
    async look() {
      lookers += 1;
      try {
        return {
          cluster: await lookAtCluster(cluster.url),
          github: await lookAtGithub(github.url, githubToken, wednesday),
        };
      } finally {
        lookers -= 1;
      }
    },
    async byHand(method, path) {
      const headers = { authorization: 'Bearer sandbox-cluster-token-admin' };
      const answer = await fetch(`${cluster.url}${path}`, { method, headers });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
    },
    async close() {
      await bench.close();
      await connected.close();
      await hand.close();
      await cut();
      await Promise.all([prometheus.stop(), github.stop(), cluster.stop()]);
    },
  };
}

/** With a store of its own, guardrails that allow everything, and nobody to be told. */
export async function benchDesk(options: BenchDeskOptions): Promise<BenchDesk> {
  const { clock, outside, catalog, actions, pass, longest = threeHours } = options;
  const store = await memoryStore();
  const quiet = { info: () => {}, warn: () => {}, error: () => {} };
  const context: DeskContext = {
    store,
    clock,
    codes: createCodes({ ...{ store, clock, log: quiet, keys: new Map() }, tell: async () => {} }),
    log: quiet,
    directory: {
      person: async (id) => [priya, sam].find((one) => one.id === id) ?? dana,
      personByEmail: async (email) => [priya, sam].find((one) => one.email === email),
    },
    outside,
    actions,
    readLine: (line) => readCommandLine(line, actions, catalog),
    catalog: () => catalog,
    policy: () => policy,
    changed: () => {},
  };
  const desk = createDesk(context);
  const runner = startRunner({
    ...context,
    scheduler: noAlarms,
    holder: 'bench',
    desk: createRunDesk(context),
    decide: (id) => desk.decide(id),
    reading: (requester) => readContext(context, requester),
    requestKey,
  });
  async function until(id: RequestId, isSo: (request: PlatformRequest) => boolean) {
    const last = clock.now() + longest;
    for (;;) {
      await runner.settle();
      const request = await store.load(id);
      if (request && isSo(request)) return request;
      if (clock.now() > last) throw new Error(`it did not come to that: ${JSON.stringify(request, null, 2)}`);
      const due = (await store.nextDueAt()) ?? last;
      await pass(Math.min(10_000, Math.max(1, due - clock.now())));
    }
  }
  let asked = 0;
  return {
    desk,
    context,
    async ask(action, input, requester = dana) {
      const key = `ask ${++asked}`;
      const submitted = await desk.submit({ key, action, input, requester, origin: { surface: 'command' } });
      return value(await desk.decide(value(submitted).id)).id;
    },
    until,
    async close() {
      await runner.stop();
      await store.close();
    },
    finish: (id) => until(id, isEnded),
  };
}

/** Everything is a day old: each age more is a stretch of the past that every world would live through first. */
const clusterSeed = withRightsAsShipped(youngOf(readClusterSeed()));
const githubSeed = loadGithubSeed();

function youngOf(seed: ClusterSeed): ClusterSeed {
  const young = <One>(one: One) => ({ ...one, ageDays: 1 });
  return { ...seed, namespaces: seed.namespaces.map(young), workloads: seed.workloads.map(young) };
}

/** What an action may read, for a call of its own. */
export function readingIn({ context }: BenchDesk) {
  return readContext(context, dana);
}

export const shipped = await loadActions();

const policy = accepted(
  readPolicy(
    {
      file: 'policy.yml',
      text: 'rules:\n  - id: everything\n    allow: everything is allowed on the bench\n',
    },
    subjectsOf(shipped),
    catalog,
  ),
);

function kubeconfigFor(server: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'box', cluster: { server } }],
    users: [{ name: 'me', user: { token } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'box', user: 'me' } }],
    'current-context': 'sandbox',
  });
}
