/** What must hold after any of it, looked at from outside: what the boxes saw, beside what the database says. */
import { verifyStore } from '../../src/audit/verify-store.ts';
import { digestOf } from '../../src/core/digest.ts';
import { isOver } from '../../src/core/live-rules.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { type Delivered, type Effect, repeated } from './seen.ts';
import type { World } from './world.ts';

/** What was counted, so that "nothing was broken" says of how much. */
export interface Kept {
  readonly requests: number;
  readonly commands: number;
  readonly effects: number;
  readonly cards: number;
  readonly notices: number;
  readonly environments: number;
  readonly entries: number;
  /** A sentence for each promise that was not kept. */
  readonly broken: readonly string[];
}

/** At rest only: with no bot alive. */
export async function lookAtPromises(world: World): Promise<Kept> {
  const { seen, database } = world;
  const store = await database.open();
  try {
    const requests = await store.list({ limit: 100_000 });
    const locks = await store.locks();
    const audit = await verifyStore(store, { keys: [], anchors: [] });
    const asked = seen.delivered.filter(({ line, outcome }) => outcome === 'acked' && asks.test(line));
    const marks = [...seen.messages.values()].flatMap(({ mark }) => mark ?? []);
    return {
      requests: requests.length,
      commands: asked.length,
      effects: seen.effects.length,
      cards: marks.filter(({ kind }) => kind === 'card').length,
      notices: marks.filter(({ kind }) => kind === 'notice').length,
      environments: requests.filter(({ outputs }) => outputs?.environment).length,
      entries: audit.entries,
      broken: [
        ...(await lostCommands(world, asked)),
        ...repeated(requests.flatMap(nameAsked)).map((name) => `the environment ${name} was asked for twice`),
        ...brokenEffects(world, requests),
        ...(await brokenCards(world, requests)),
        ...(audit.fault === undefined ? [] : [`the chain does not verify: ${audit.fault}`]),
        ...locks.held.flatMap((lock) =>
          lock.kind === 'person' ? [] : [`${lock.requestId} has left a lock`],
        ),
        ...locks.waiting.map(({ requestId }) => `${requestId} still waits for a lock`),
        ...environmentsApart(world, requests),
      ],
    };
  } finally {
    await store.close();
  }
}

/** Lines that make a request; the others only look. */
const asks = /^\/(env (create \S|extend|destroy)|deploy |svc restart|lock )/;

/** Acknowledged is written down: it is a request, or the acknowledgement itself says with a reference that it is none. */
async function lostCommands({ database }: World, asked: readonly Delivered[]): Promise<string[]> {
  const rows = await database.rows('select submission_key from requests');
  const keys = new Set(rows.map((row) => String(row.submission_key)));
  return asked.flatMap(({ user, line, triggerId, answer }) =>
    keys.has(`command ${user} ${digestOf(triggerId)}`) || /Reference [\w-]/.test(JSON.stringify(answer ?? ''))
      ? []
      : [`"${line}" of ${user} was acknowledged, and is neither a request nor refused`],
  );
}

function nameAsked({ action, input }: PlatformRequest): string[] {
  return action === 'environment.create' ? [String(input.name)] : [];
}

function brokenEffects({ seen }: World, requests: readonly PlatformRequest[]): string[] {
  const marked = (operation: RegExp, markOf: (effect: Effect) => unknown) =>
    repeated(
      seen.effects
        .filter((effect) => operation.test(effect.operation))
        .map((effect) => String(markOf(effect))),
    );
  const body = (effect: Effect) => effect.body as Record<string, Record<string, unknown>> | undefined;
  const restarts = requests.filter(
    ({ action, startedAt }) => action === 'service.restart' && startedAt !== undefined,
  );
  const restarted = [...seen.restarts.values()].reduce((sum, { size }) => sum + size, 0);
  return [
    ...marked(/\/dispatches$/, (effect) => body(effect)?.inputs?.greenlight_request).map(
      (mark) => `the workflow of ${mark} was dispatched twice`,
    ),
    ...marked(/^POST .*\/deployments$/, (effect) => body(effect)?.payload?.greenlight_request).map(
      (mark) => `the deployment of ${mark} was recorded twice`,
    ),
    ...marked(/^POST .*\/pulls$/, (effect) => body(effect)?.head).map(
      (head) => `${head} has two pull requests`,
    ),
    ...marked(/^PUT .*\/merge$/, ({ operation }) => operation).map((pull) => `${pull} was merged twice`),
    ...[...seen.namespaces].flatMap(([name, { uids }]) =>
      uids.size > 1 ? [`the namespace ${name} was made ${uids.size} times`] : [],
    ),
    ...(restarted > restarts.length ? [`${restarts.length} restarts have restarted ${restarted} times`] : []),
  ];
}

/** One card for a request, at its newest state; each notice once. */
async function brokenCards(
  { seen, database }: World,
  requests: readonly PlatformRequest[],
): Promise<string[]> {
  const messages = [...seen.messages.values()];
  const cards = Map.groupBy(
    messages.filter(({ mark }) => mark?.kind === 'card'),
    ({ mark }) => mark?.id ?? '',
  );
  const notices = messages.flatMap(({ mark }) => (mark?.kind === 'notice' ? [mark.id] : []));
  const owed = await database.rows(`select key from outbox where kind = 'ended' and is_done = 1`);
  const said = new Set(notices);
  return [
    ...requests.flatMap(({ id, isShown, version, status }) => {
      const own = cards.get(id) ?? [];
      const shown = own.flatMap(({ blocks }) => blocks[0]?.block_id?.split('.')[1] ?? []);
      if (own.length > 1) return [`${id} has ${own.length} cards`];
      if (isShown && own.length === 0) return [`${id} (${status}) has no card`];
      if (isShown && shown[0] !== String(version))
        return [`the card of ${id} shows version ${shown[0]}, and it is at ${version}`];
      return [];
    }),
    ...repeated(notices).map((key) => `the notice ${key} was posted twice`),
    ...owed.flatMap(({ key }) =>
      said.has(String(key)) ? [] : [`the notice ${key} is recorded as told, and nobody read it`],
    ),
  ];
}

/** What is recorded as alive is there, and nothing else of ours is. */
function environmentsApart({ seen }: World, requests: readonly PlatformRequest[]): string[] {
  const alive = new Set(
    requests.flatMap((request) => {
      const { environment } = request.outputs ?? {};
      return environment && !isOver(request) ? [environment.namespace] : [];
    }),
  );
  const there = [...seen.namespaces].flatMap(([name, { isThere, request }]) =>
    isThere && request !== '' ? [name] : [],
  );
  return [
    ...[...alive]
      .filter((name) => !there.includes(name))
      .map((name) => `${name} is recorded as alive, and is not there`),
    ...there.filter((name) => !alive.has(name)).map((name) => `${name} is there, and not recorded as alive`),
  ];
}
