/** Sends the recorded requests to a box, step by step, and keeps what it answers in the form of the recordings. */
import { createWorldClock, type WorldClock } from '../../../../src/sandbox/clock.ts';
import { type ClusterBox, startClusterBox } from '../../../../src/sandbox/cluster/box.ts';
import { readClusterSeed } from '../../../../src/sandbox/cluster/seed.ts';
import { createFaults } from '../../../../src/sandbox/faults.ts';
import { createJournal } from '../../../../src/sandbox/journal.ts';
import type { Answer, Condition, Scenario, Step } from './data.ts';
import { createNormaliser, type Normaliser } from './normalise.ts';
import { valueAt } from './path.ts';

/** The world that the recordings were made in. */
async function startRecordingWorld(clock: WorldClock): Promise<ClusterBox> {
  const user = (name: string, ...groups: string[]) => ({
    token: `${name}-token`,
    user: name,
    uid: `u-${name}`,
    groups,
  });
  const own = readClusterSeed();
  return startClusterBox({
    port: 0,
    clock,
    faults: createFaults(),
    journal: createJournal(),
    seed: {
      name: 'recorded',
      users: [
        user('admin', 'system:masters'),
        user('limited', 'developers'),
        user('viewer', 'viewers'),
        user('nobody'),
      ],
      nodes: own.nodes,
      namespaces: ['default', 'kube-system', 'kube-public', 'kube-node-lease', 'team-a'].map((name) => ({
        name,
        ageDays: 0,
        labels: {},
      })),
      workloads: [],
      operators: [],
      clusterRoles: [],
      clusterRoleBindings: [
        { name: 'viewers-view', role: 'view', subjects: [{ kind: 'Group', name: 'viewers' }] },
      ],
      roleBindings: [
        {
          name: 'limited-edit',
          namespace: 'team-a',
          role: 'edit',
          subjects: [{ kind: 'User', name: 'limited' }],
        },
      ],
    },
  });
}

export async function replay(scenarios: readonly Scenario[]): Promise<Answer[]> {
  const clock = createWorldClock({ mode: 'still', startAt: Date.parse('2026-11-21T09:00:00Z') });
  const box = await startRecordingWorld(clock);
  const ordered = [...scenarios].sort((a, b) => Number(a.exclusive ?? false) - Number(b.exclusive ?? false));
  try {
    const answers: Answer[] = [];
    for (const scenario of ordered) {
      const run: Run = {
        box,
        clock,
        scenario,
        variables: new Map(),
        answers,
        normaliser: createNormaliser(),
      };
      for (const step of scenario.steps) {
        await play(run, step);
        // A request takes its time, and controllers do not wait for the next one.
        await clock.advance(betweenStepsMs);
      }
    }
    return answers;
  } finally {
    await box.stop();
  }
}

const betweenStepsMs = 30;

interface Run {
  readonly box: ClusterBox;
  readonly clock: WorldClock;
  readonly scenario: Scenario;
  readonly variables: Map<string, string>;
  readonly answers: Answer[];
  readonly normaliser: Normaliser;
}

async function play(run: Run, step: Step): Promise<void> {
  if (step.control === 'compact') return run.box.control.compact();
  if (step.control === 'restart-apiserver') return run.box.control.restart();
  if (step.waitSeconds !== undefined) return run.clock.advance(step.waitSeconds * 1000);
  if (step.watch) return playWatch(run, step);
  const raw = await request(run, step);
  for (const [name, path] of Object.entries(step.capture ?? {})) {
    run.variables.set(name, String(valueAt(raw.body, path) ?? ''));
  }
  keep(run, step, raw);
}

/** Between two looks of an `until`, in ms of the sandbox's time. */
const lookEveryMs = 250;

async function request(run: Run, step: Step): Promise<Raw> {
  const conditions = step.until === undefined ? [] : [step.until].flat();
  const looks = ((step.timeoutSeconds ?? 30) * 1000) / lookEveryMs;
  let raw = await send(run, step);
  for (let look = 0; look < looks && !conditions.every((one) => holds(one, raw)); look += 1) {
    await run.clock.advance(lookEveryMs);
    raw = await send(run, step);
  }
  return raw;
}

interface Raw {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
}

async function send(run: Run, step: Step): Promise<Raw> {
  const response = await open(run, step);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return isJson ? { status: response.status, body: JSON.parse(text) } : { status: response.status, text };
}

function open(run: Run, step: Step, signal?: AbortSignal): Promise<Response> {
  const fill = (text: string) =>
    text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => run.variables.get(name) ?? '');
  const headers = new Headers({ accept: 'application/json', 'user-agent': 'recorder' });
  const body =
    step.body === undefined ? step.text : fill(JSON.stringify(step.body)).replaceAll('${', '$' + '{');
  if (body !== undefined) headers.set('content-type', 'application/json');
  const token = tokenOf(fill(step.as ?? 'admin'));
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  for (const [name, value] of Object.entries(step.headers ?? {})) {
    if (value === '') headers.delete(name);
    else headers.set(name, value);
  }
  const method = step.method ?? 'GET';
  // A body without a content type: fetch adds one to text, but none to bytes.
  const bytes = body === undefined ? undefined : new TextEncoder().encode(body);
  return fetch(`${run.box.url}${fill(step.path ?? '')}`, {
    method,
    headers,
    ...(bytes && method !== 'GET' ? { body: bytes } : {}),
    ...(signal ? { signal } : {}),
  });
}

function tokenOf(as: string): string | undefined {
  if (as === 'anonymous') return undefined;
  return as.startsWith('token:') ? as.slice('token:'.length) : `${as}-token`;
}

function holds(condition: Condition, raw: Raw): boolean {
  if (condition.status !== undefined && raw.status !== condition.status) return false;
  if (condition.path === undefined) return true;
  const value = valueAt(raw.body, condition.path);
  if (condition.equals !== undefined) return value === condition.equals;
  if (condition.gte !== undefined) return Number(value) >= condition.gte;
  if (condition.exists !== undefined) return (value !== undefined) === condition.exists;
  return condition.absent === undefined || (value === undefined) === condition.absent;
}

async function playWatch(run: Run, step: Step): Promise<void> {
  const { events: count, types, during = [], timeoutSeconds = 5 } = step.watch ?? {};
  const abort = new AbortController();
  const response = await open(run, step, abort.signal);
  if (!response.headers.get('transfer-encoding')) {
    const body = response.headers.get('content-type')?.includes('json') ? await response.json() : undefined;
    return keep(run, step, { status: response.status, body });
  }
  const events: { type: string }[] = [];
  let end = 'recorder stopped waiting';
  const wanted = () =>
    count !== undefined && events.filter((one) => types?.includes(one.type) ?? true).length >= count;
  const reading = (async () => {
    let rest = '';
    for await (const chunk of response.body ?? []) {
      rest += Buffer.from(chunk).toString();
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.filter(Boolean))
        if (!wanted()) events.push(JSON.parse(line) as { type: string });
      if (wanted()) return 'enough events';
    }
    return 'closed by the server';
  })().catch(() => 'recorder stopped waiting');
  for (const inner of during) await play(run, inner);
  if (!wanted()) {
    // What the server has to say arrives over a real socket, whatever the clock of the sandbox says.
    for (let waited = 0; waited < timeoutSeconds * 4 && !wanted(); waited += 1) {
      await run.clock.advance(250);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
  const closed = await Promise.race([reading, new Promise((resolve) => setTimeout(resolve, 30, undefined))]);
  if (typeof closed === 'string') end = closed;
  abort.abort();
  await reading;
  const keepsManaged = (run.scenario.managedFields ?? false) || (step.managedFields ?? false);
  run.answers.push({
    scenario: run.scenario.name,
    step: step.name ?? '',
    status: response.status,
    events: events.map((event) => run.normaliser(event, keepsManaged)) as unknown[],
    end,
  });
}

function keep(run: Run, step: Step, raw: Raw): void {
  const keepsManaged = (run.scenario.managedFields ?? false) || (step.managedFields ?? false);
  run.answers.push({
    scenario: run.scenario.name,
    step: step.name ?? '',
    status: raw.status,
    ...(raw.body === undefined ? {} : { body: run.normaliser(sorted(raw.body, step.sort), keepsManaged) }),
    ...(raw.text === undefined ? {} : { text: raw.text }),
  });
}

function sorted(body: unknown, paths: readonly string[] | undefined): unknown {
  const list = body as { kind?: string; items?: unknown[] };
  if (!Array.isArray(list.items) || !paths) return body;
  const key = (item: unknown) => paths.map((path) => String(valueAt(item, path) ?? '')).join('\0');
  return { ...list, items: [...list.items].sort((a, b) => (key(a) < key(b) ? -1 : 1)) };
}
