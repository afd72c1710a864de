/**
 * A real PostgreSQL for tests, benches, chaos and the simulation: in a folder and on a port of its own, gone when it is
 * stopped. Knows nothing of the test runner.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '../../src/free-port.ts';
import { openPostgresStore } from '../../src/store/postgres.ts';
import { type Binaries, installedBinaries, packagedBinaries } from './binaries.ts';

export interface PostgresServer {
  /** Of its own database, as its superuser. */
  readonly url: string;
  readonly port: number;
  /** Another database on it, with this code's schema, or with nothing at all: its URL. 20 to 30 ms. */
  createDatabase(content?: 'schema' | 'nothing'): Promise<string>;
  dropDatabase(url: string): Promise<void>;
  /** Ends every connection, and is there again at the same address. */
  restart(): Promise<void>;
  /** Ends every connection, and stays away until `start`. */
  pause(): Promise<void>;
  /** The same at once, as if the machine had lost its power: `start` has to recover. */
  crash(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface PostgresServerOptions {
  /** Waits for the disk at each commit, as a server that matters does; tests need not. */
  readonly isDurable?: boolean;
  /** Where an installed PostgreSQL is looked for, instead of the usual places; none: the packaged one. */
  readonly folders?: readonly string[];
}

/** @throws when there is none for this machine, or with its log when it does not start. */
export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'greenlight-postgres-'));
  try {
    const owner = await ownerOf(folder);
    const binaries =
      (await installedBinaries(options.folders)) ?? (await packagedBinaries(join(folder, 'binaries')));
    const password = await makeCluster(binaries, folder, owner);
    return await serve({ binaries, folder, owner, password, port: await freePort(), ...options });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** As whom it runs: PostgreSQL refuses to run as root. */
type Owner = { readonly uid: number; readonly gid: number } | Record<never, never>;

async function ownerOf(folder: string): Promise<Owner> {
  if (process.getuid?.() !== 0) return {};
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user) throw new Error('PostgreSQL does not run as root, and there is no user "postgres" or "nobody"');
  const owner = { uid: Number(user[2]), gid: Number(user[3]) };
  await chown(folder, owner.uid, owner.gid);
  return owner;
}

/** @returns the password of its superuser: anybody on this machine could come in otherwise. */
async function makeCluster({ initdb }: Binaries, folder: string, owner: Owner): Promise<string> {
  const password = randomBytes(12).toString('hex');
  const file = join(folder, 'password');
  await writeFile(file, password);
  await chmod(file, 0o644);
  const data = ['--pgdata', join(folder, 'data'), '--no-sync', '--encoding=UTF8', '--locale=C'];
  const access = ['--username=greenlight', '--auth=password', `--pwfile=${file}`];
  await promisify(execFile)(initdb, [...data, ...access], { ...owner, cwd: folder });
  await rm(file);
  return password;
}

interface Cluster extends PostgresServerOptions {
  readonly binaries: Binaries;
  readonly folder: string;
  readonly owner: Owner;
  readonly password: string;
  readonly port: number;
}

async function serve(cluster: Cluster): Promise<PostgresServer> {
  const { folder, password, port } = cluster;
  const urlOf = (name: string) => `postgresql://greenlight:${password}@127.0.0.1:${port}/${name}`;
  let server: ChildProcess | undefined;
  let made = 0;
  let template: Promise<string> | undefined;

  /** Whatever ends this process, the server ends with it. */
  const end = () => {
    server?.kill('SIGQUIT');
    rmSync(folder, { recursive: true, force: true });
  };
  const endOnSignal = (signal: NodeJS.Signals) => {
    // Whoever else hears it ends things in their own order, and then this process.
    if (process.listenerCount(signal) > 0) return;
    end();
    process.kill(process.pid, signal);
  };

  async function start(): Promise<void> {
    server = await run(cluster, urlOf('postgres'));
  }
  /** `SIGINT` is fast: connections are ended, everything else is in order. `SIGQUIT` is at once. */
  async function goAway(signal: NodeJS.Signals): Promise<void> {
    const running = server;
    server = undefined;
    if (!running || running.exitCode !== null) return;
    const gone = once(running, 'exit');
    running.kill(signal);
    await gone;
  }
  const pause = () => goAway('SIGINT');
  async function makeTemplate(): Promise<string> {
    await administer(urlOf('postgres'), 'create database schema_of_greenlight');
    await (await openPostgresStore({ url: urlOf('schema_of_greenlight') })).close();
    return 'schema_of_greenlight';
  }

  process.once('exit', end);
  process.once('SIGINT', endOnSignal);
  process.once('SIGTERM', endOnSignal);
  await start();
  return {
    url: urlOf('postgres'),
    port,
    async createDatabase(content = 'schema') {
      const name = `greenlight_${++made}`;
      template ??= makeTemplate();
      const from = content === 'schema' ? await template : 'template0';
      await administer(urlOf('postgres'), `create database ${name} template ${from}`);
      return urlOf(name);
    },
    dropDatabase: (url) =>
      administer(urlOf('postgres'), `drop database if exists ${new URL(url).pathname.slice(1)} with (force)`),
    async restart() {
      await pause();
      await start();
    },
    pause,
    crash: () => goAway('SIGQUIT'),
    start,
    async stop() {
      process.off('exit', end);
      process.off('SIGINT', endOnSignal);
      process.off('SIGTERM', endOnSignal);
      await pause();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function run(
  { binaries, folder, owner, port, isDurable }: Cluster,
  url: string,
): Promise<ChildProcess> {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    ...(isDurable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  await mkdir(folder, { recursive: true });
  const child = spawn(binaries.postgres, ['-D', join(folder, 'data'), ...flags], {
    ...{ ...owner, cwd: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (part) => {
    log = `${log}${part}`.slice(-4000);
  });
  for (let waitedMs = 0; waitedMs < startsWithinMs; waitedMs += lookAgainMs) {
    if (child.exitCode !== null) break;
    if (await answers(url)) return child;
    await setTimeout(lookAgainMs);
  }
  child.kill('SIGQUIT');
  throw new Error(`PostgreSQL did not start:\n${log}`);
}

const startsWithinMs = 30_000;
const lookAgainMs = 20;

function answers(url: string): Promise<boolean> {
  return administer(url, 'select 1').then(
    () => true,
    () => false,
  );
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
