/** Calls of the sandbox's control API, typed by the protocol. */
import {
  type ActiveFaultRule,
  controlRoutes,
  type FaultRuleInput,
  type MessagePage,
  type Outcome,
  type PersonCommand,
  type WorldChange,
  type WorldView,
} from '../../protocol.ts';
import type { ClusterCalls, GithubCalls, OperatedKind, Workflow, Workload } from '../../world-calls.ts';

const away: Outcome = {
  ok: false,
  error: 'sandbox_away',
  message: 'The sandbox is away. Start it again and this page goes on.',
};

/** Does something as a person. Never throws: a sandbox that is away is an outcome, too. */
export async function doAs(person: string, command: PersonCommand): Promise<Outcome> {
  return outcomeOf('POST', controlRoutes.command, { person, command });
}

export async function changeWorld(change: WorldChange): Promise<Outcome> {
  return outcomeOf('POST', controlRoutes.change, change);
}

export async function resetWorld(): Promise<Outcome> {
  return outcomeOf('POST', controlRoutes.reset, {});
}

/** Lets time pass in the sandbox. */
export async function advanceClock(advanceMs: number): Promise<void> {
  await call('POST', controlRoutes.clock, { advanceMs });
}

export async function readWorld(): Promise<WorldView> {
  return (await call('GET', controlRoutes.world)) as WorldView;
}

export async function readFaults(): Promise<readonly ActiveFaultRule[]> {
  return ((await call('GET', controlRoutes.faults)) as { rules: ActiveFaultRule[] }).rules;
}

export async function addFault(rule: FaultRuleInput): Promise<void> {
  await call('POST', controlRoutes.faults, rule);
}

/** Removes one rule, or all of them. */
export async function removeFault(id?: string): Promise<void> {
  await call('DELETE', id === undefined ? controlRoutes.faults : `${controlRoutes.faults}?id=${id}`);
}

export async function readWorkflows(): Promise<readonly Workflow[]> {
  return (await call('GET', `${controlRoutes.github}workflows`)) as readonly Workflow[];
}

export async function failNextRun(next: GithubCalls['fail-next-run'][0]): Promise<Outcome> {
  return outcomeOf('POST', `${controlRoutes.github}fail-next-run`, next);
}

/** All Deployments of the cluster, and what is to go wrong with their next Pods. */
export async function readWorkloads(): Promise<readonly Workload[]> {
  const answer = await call('POST', `${controlRoutes.cluster}workloads`, {});
  return (answer as ClusterCalls['workloads'][1]).workloads;
}

export async function breakPods(
  namespace: string,
  workload: string,
  trouble: NonNullable<Workload['trouble']>,
): Promise<Outcome> {
  const tell = (name: keyof ClusterCalls, input: object) =>
    outcomeOf('POST', `${controlRoutes.cluster}${name}`, input);
  if (trouble === 'quota') return tell('stallQuota', { namespace });
  if (trouble === 'unschedulable') return tell('unschedulable', { namespace, on: true });
  return tell('failNext', { namespace, workload, failure: trouble });
}

export async function makeWell(namespace: string): Promise<Outcome> {
  return outcomeOf('POST', `${controlRoutes.cluster}makeWell`, { namespace });
}

/** The kinds that operators of the cluster look after, and those of them that fail. */
export async function readOperators(): Promise<readonly OperatedKind[]> {
  const answer = await call('POST', `${controlRoutes.cluster}operators`, {});
  return (answer as ClusterCalls['operators'][1]).kinds;
}

export async function failNextResource(next: ClusterCalls['failNextResource'][0]): Promise<Outcome> {
  return outcomeOf('POST', `${controlRoutes.cluster}failNextResource`, next);
}

export async function mendResource(object: ClusterCalls['mendResource'][0]): Promise<Outcome> {
  return outcomeOf('POST', `${controlRoutes.cluster}mendResource`, object);
}

/** Messages of a channel or thread before `before`, oldest first. */
export async function readOlder(
  person: string,
  channel: string,
  before: string,
  thread?: string,
): Promise<MessagePage> {
  const query = new URLSearchParams({ person, channel, before, limit: '50', ...(thread ? { thread } : {}) });
  return (await call('GET', `${controlRoutes.messages}?${query}`)) as MessagePage;
}

async function outcomeOf(method: string, path: string, body: unknown): Promise<Outcome> {
  try {
    return (await call(method, path, body)) as Outcome;
  } catch (error) {
    return error instanceof TypeError ? away : { ok: false, error: 'refused', message: String(error) };
  }
}

/** @throws TypeError when the sandbox cannot be reached, Error with its sentence when it refuses. */
async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(path, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json().catch(() => undefined);
  // Outcomes carry their own `ok` and are answers whatever the status is.
  if (response.ok || (typeof answer === 'object' && answer !== null && 'ok' in answer)) return answer;
  throw new Error(`The sandbox answered ${response.status} to ${method} ${path}.`);
}
