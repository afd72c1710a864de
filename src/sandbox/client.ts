/**
 * The control API as a person: for tests and scripts.
 *
 *     const sandbox = connectSandbox('http://127.0.0.1:4300');
 *     const dana = sandbox.as('U0DANA');
 *     await dana.command('#platform-requests', '/env create');
 *     await dana.fill('Name', 'checkout-pr-12');
 *     await dana.fill('Size', 'Small');
 *     await dana.submit();
 *     const card = await dana.sees('checkout-pr-12', { in: '#platform-requests' });
 *     await sandbox.as('U0LEE').click('Approve', { in: card });
 *
 * Nothing sleeps: what is not there yet is waited for, up to a bound in real time. Everything that fails prints what
 * the person sees.
 */
import {
  type Call,
  type PersonClient,
  personClient,
  SandboxError,
  type SeesOptions,
} from './person-client.ts';
import {
  type ActiveFaultRule,
  type ClockView,
  controlRoutes,
  type FaultRuleInput,
  type JournalEntry,
  type Outcome,
  type WorldChange,
  type WorldView,
} from './protocol.ts';
import type { ClusterCalls, GithubCalls } from './world-calls.ts';

export { type PersonClient, SandboxError, type SeesOptions };

export interface Sandbox {
  readonly url: string;
  as(person: string): PersonClient;
  world(): Promise<WorldView>;
  /** Lets sandbox time pass at once: all timers that fall due fire, in order. */
  advance(ms: number): Promise<ClockView>;
  /** Breaks something on purpose; returns the rule's id. */
  breakOn(rule: FaultRuleInput): Promise<string>;
  faults(): Promise<readonly ActiveFaultRule[]>;
  /** Takes back one fault, or all. */
  mend(id?: string): Promise<void>;
  journal(since?: number): Promise<readonly JournalEntry[]>;
  /** What an administrator does. @throws SandboxError when it was refused. */
  change(change: WorldChange): Promise<void>;
  /** The hand behind GitHub: `github('fail-next-run', { repository: 'payments', failsAt: { job: 'build' } })`. */
  github<Name extends keyof GithubCalls>(
    name: Name,
    ...input: GithubCalls[Name][0] extends undefined ? [] : [GithubCalls[Name][0]]
  ): Promise<GithubCalls[Name][1]>;
  /** The hand behind the cluster: `cluster('failNext', { namespace, workload, failure: 'crash' })`. */
  cluster<Name extends keyof ClusterCalls>(
    name: Name,
    input: ClusterCalls[Name][0],
  ): Promise<ClusterCalls[Name][1]>;
  /** All three boxes are as in the seed again; faults are gone; time goes on. */
  reset(): Promise<void>;
  /** Resolves once the app is connected (or away). */
  appIs(state: 'connected' | 'away', withinMs?: number): Promise<void>;
}

export function connectSandbox(url: string): Sandbox {
  const call: Call = async <T>(path: string, method = 'GET', body?: unknown): Promise<T> => {
    const response = await fetch(new URL(path, url), {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer = (await response.json()) as T & { error?: string; message?: string };
    if (response.ok) return answer;
    throw new SandboxError(
      answer.error ?? String(response.status),
      answer.message ?? 'The sandbox refused.',
      '',
    );
  };
  const anybody = async () => {
    const { people } = await call<WorldView>(controlRoutes.world);
    return people.find((one) => one.kind === 'member')?.id ?? '';
  };

  return {
    url,
    as: (person) => personClient(person, call),
    world: () => call(controlRoutes.world),
    advance: (advanceMs) => call(controlRoutes.clock, 'POST', { advanceMs }),
    breakOn: async (rule) => (await call<{ id: string }>(controlRoutes.faults, 'POST', rule)).id,
    faults: async () => (await call<{ rules: ActiveFaultRule[] }>(controlRoutes.faults)).rules,
    async mend(id) {
      await call(
        `${controlRoutes.faults}${id === undefined ? '' : `?id=${encodeURIComponent(id)}`}`,
        'DELETE',
      );
    },
    journal: async (since = 0) =>
      (await call<{ entries: JournalEntry[] }>(`${controlRoutes.journal}?since=${since}`)).entries,
    async change(change) {
      const outcome = await call<Outcome>(controlRoutes.change, 'POST', change);
      if (!outcome.ok) throw new SandboxError(outcome.error, outcome.message, '');
    },
    github: (name, ...[input]) =>
      call(`${controlRoutes.github}${name}`, input === undefined ? 'GET' : 'POST', input),
    cluster: (name, input) => call(`${controlRoutes.cluster}${name}`, 'POST', input),
    async reset() {
      await call(controlRoutes.reset, 'POST', {});
    },
    async appIs(state, withinMs) {
      await personClient(await anybody(), call).waitFor(
        { kind: 'app', connected: state === 'connected' },
        withinMs,
      );
    },
  };
}
