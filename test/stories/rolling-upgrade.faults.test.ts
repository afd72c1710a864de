/**
 * A rolling upgrade as it happens: the bot as people start it, and a newer version of it beside, two processes over one
 * PostgreSQL. The newer one is this one with a migration more, in a folder of its own.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { verifyStore } from '../../src/audit/verify-store.ts';
import type { PersonClient } from '../../src/sandbox/client.ts';
import { openPostgresStore } from '../../src/store/postgres.ts';
import { graceMs } from '../../src/wiring/end-app.ts';
import { repeated, watchBoxes } from '../chaos/seen.ts';
import { newDatabase } from '../postgres/databases.ts';
import { makeNextVersion } from './next-version.ts';
import { openWholeWorld, until, type WholeProcess, type WholeWorld } from './whole-process.ts';

/** What is there already is written as it was; from then on each row says by whose connection it came. */
const onlyAdds = `
  await sql\`create table next_things (id text primary key)\`.execute(db);
  for (const table of ['requests', 'events', 'outbox', 'audit']) {
    await sql\`alter table \${sql.table(table)} add column written_by text not null
      default coalesce(current_setting('greenlight.version', true), '')\`.execute(db);
  }`;
const takesAway = 'await raiseFloor(db, name);';

const channel = '#platform-requests';

type Version = 'older' | 'newer' | 'newest';

interface Upgrade extends Omit<WholeWorld, 'start'> {
  readonly seen: ReturnType<typeof watchBoxes>;
  start(version: Version): Promise<WholeProcess>;
  /** The rows of a statement that only reads. */
  rows(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** @returns what is wrong with the audit's chain, as this version reads it. */
  chainFault(): Promise<string | undefined>;
}

async function inUpgrade(play: (upgrade: Upgrade) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'greenlight-upgrade-'));
  const roots = { newer: join(folder, 'newer'), newest: join(folder, 'newest') };
  await makeNextVersion(roots.newer, onlyAdds);
  await makeNextVersion(roots.newest, onlyAdds, takesAway);
  const url = await newDatabase('nothing');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const world = await openWholeWorld(url);
  try {
    await play({
      ...world,
      seen: watchBoxes(world.sandbox),
      start: (version) =>
        world.start({
          ...(version === 'older' ? {} : { root: roots[version] }),
          environment: { DATABASE_URL: `${url}?options=-c%20greenlight.version%3D${version}` },
        }),
      rows: async (statement) => (await client.query<Record<string, unknown>>(statement)).rows,
      async chainFault() {
        const store = await openPostgresStore({ url, isReadOnly: true });
        const { fault } = await verifyStore(store, { keys: [], anchors: [] });
        await store.close();
        return fault;
      },
    });
  } finally {
    await world.close();
    await client.end();
    await rm(folder, { recursive: true, force: true });
  }
}

test(
  'what is asked of either version is carried to its end, each effect once, and the old one may be started again',
  { timeout: 240_000 },
  () =>
    inUpgrade(async ({ sandbox, people, seen, start, rows, calls, chainFault }) => {
      const dana = people.as('U0DANA');
      const priya = people.as('U0PRIYA');
      const max = people.as('U0MAX');
      const lee = people.as('U0LEE');
      const done = (name: string) => dana.sees(`${name} is done`, { in: channel, withinMs: 60_000 });
      const approve = async (name: string) =>
        lee.click('Approve', {
          in: await lee.sees(`Creates the environment ${name}`, { in: channel }),
          confirm: true,
        });
      const create = (person: PersonClient, name: string, more = '') =>
        person.command(channel, `/env create ${name}${more}`);
      /** Which versions wrote events of a type, of these environments or of all. */
      const writersOf = async (type: string, names: readonly string[] = []) => {
        const found = await rows(
          `select distinct events.written_by as writer from events join requests on number = request_number
          where type = '${type}' and events.written_by <> ''
          ${names.length === 0 ? '' : `and snapshot::json->'input'->>'name' in ('${names.join("', '")}')`}`,
        );
        return found.map(({ writer }) => writer).toSorted();
      };

      const older = await start('older');
      // Open since before there was a newer version.
      await create(dana, 'before', big);
      await dana.sees('before', { in: channel });
      const newer = await start('newer');

      const small = ['one', 'two', 'three', 'four'];
      const large = Array.from({ length: 8 }, (_, index) => `big-${index + 1}`);
      await Promise.all([
        ...small.map((name, index) => create([dana, priya][index % 2] ?? dana, name)),
        ...large.map((name) => create(max, name, big)),
        dana.command('#deploys', '/deploy checkout v2.8.0 to staging'),
      ]);
      await Promise.all(small.map(done));
      await dana.sees('checkout v2.8.0 runs in staging now', { in: '#deploys', withinMs: 60_000 });
      expect(await writersOf('requested')).toEqual(['newer', 'older']);

      // The old one goes in the middle of a step. Whose click it is begins the run, so one of the next few is its own.
      sandbox.faults.add({
        ...{ box: 'cluster', operation: 'POST /api/v1/namespaces' },
        ...{ fault: { kind: 'slow', delayMs: 6_000 }, times: large.length },
      });
      const waiting = [...large];
      const handedOver = await firstOf(waiting, async (name) => {
        await approve(name);
        await until(async () => (await writersOf('step_started', [name])).length > 0);
        return (await writersOf('step_started', [name])).includes('older');
      });
      older.process.kill('SIGTERM');
      await until(async () => (await older.health('/readyz')) !== 200);
      const { code, tookMs } = await older.ended();
      expect(code).toBe(0);
      expect(tookMs).toBeLessThan(graceMs);
      expect(older.lines.join('\n')).not.toContain('left something in flight');
      await done(handedOver);
      expect(await writersOf('step_done', [handedOver])).toEqual(['newer', 'older']);
      expect(await writersOf('succeeded', [handedOver])).toEqual(['newer']);
      for (const name of waiting) await approve(name);
      await Promise.all(large.map(done));

      // What was open before goes on at the newer one.
      await approve('before');
      await done('before');
      expect(await writersOf('succeeded', ['before'])).toEqual(['newer']);

      // Rolled back: the old one again, beside the newer one, and then without it.
      const again = await start('older');
      newer.process.kill('SIGTERM');
      expect((await newer.ended()).code).toBe(0);
      await create(priya, 'rolled-back', big);
      await approve('rolled-back');
      await done('rolled-back');
      expect(await writersOf('succeeded', ['rolled-back'])).toEqual(['older']);

      again.process.kill('SIGTERM');
      expect((await again.ended()).code).toBe(0);

      const names = [...small, ...large, 'before', 'rolled-back'].map((name) => `env-${name}`);
      const made = [...seen.namespaces].filter(([name]) => name.startsWith('env-'));
      expect(made.map(([name]) => name).toSorted()).toEqual(names.toSorted());
      expect(made.filter(([, { uids }]) => uids.size !== 1)).toEqual([]);
      expect(calls(/^POST \/api\/v1\/namespaces$/)).toBe(names.length);
      expect(calls(/^POST .*\/checkout\/.*\/dispatches$|^PUT .*\/merge$/)).toBe(1);
      const marks = [...seen.messages.values()].flatMap(({ mark }) =>
        mark ? [`${mark.kind} ${mark.id}`] : [],
      );
      expect(repeated(marks)).toEqual([]);
      expect(await chainFault()).toBeUndefined();
    }),
);

test(
  'a version that does not know what a newer one has taken away is refused, with a sentence',
  { timeout: 120_000 },
  () =>
    inUpgrade(async ({ start }) => {
      const newest = await start('newest');
      await expect(start('older')).rejects.toThrow(
        /The database was written by a newer Greenlight than this one\.\nStart the newer version again/,
      );
      expect(await newest.health('/readyz')).toBe(200);
    }),
);

/** Takes from `names` until one is as wanted. */
async function firstOf(names: string[], isWanted: (name: string) => Promise<boolean>): Promise<string> {
  const name = names.shift();
  if (name === undefined) throw new Error('none of them is as wanted');
  return (await isWanted(name)) ? name : firstOf(names, isWanted);
}

/** Needs the answer of a platform lead. */
const big = ' --cpu 6';
