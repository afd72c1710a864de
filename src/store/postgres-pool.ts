/** Connections to PostgreSQL: a few that are kept, each of which may break at any moment without harm to the process. */
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { secondMs } from '../core/duration.ts';
import { ProblemError } from '../core/problem.ts';
import { isConnectionLost, isPlanTooOld, unreadableAddress } from './postgres-problems.ts';

/** Writes wait for each other at the audit's head anyway: more would only wait there, and the server has 100 for all. */
export const connectionsMax = 10;
/** Below the lease of the runner: whoever waits longer for its database has lost its claim. */
const connectWithinMs = 5 * secondMs;
const usualLockWithinMs = 5 * secondMs;
const statementWithinMs = 10 * secondMs;
/**
 * Between two statements of a transaction, none of which waits for anything: a replica that stands still there, or whose
 * machine was lost, holds everybody up. Shorter than others wait for a lock, so that they go on rather than fail.
 */
const idleWithinMs = 3 * secondMs;
/** After the server's own limit: what says nothing by then will not say anything. */
const answerWithinMs = 15 * secondMs;

export interface PoolOptions {
  readonly url: string;
  /** What the connections are called: the server tells with it who has changed something. */
  readonly name?: string;
  readonly isReadOnly?: true;
  /** A change of the schema takes its time, and waits for another replica's. */
  readonly isUnhurried?: true;
  /** For a lock that somebody else has; 0: as long as it takes. When not given 5 s, or 0 where unhurried. */
  readonly lockWithinMs?: number;
}

/** @throws ProblemError when the address is none. */
export function createPool(options: PoolOptions): PostgresPool {
  const config = clientConfig(options);
  const pool = new pg.Pool({ ...config, max: options.isUnhurried ? 1 : connectionsMax });
  // A connection that breaks while nobody uses it is replaced at the next use; unheard, it would end the process.
  pool.on('error', () => undefined);
  // The same while somebody holds it between two statements: the next one fails, which says enough.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    options: {},
    connect: async () => keeping(await pool.connect()),
    end: () => pool.end(),
  };
}

/** @throws ProblemError when the address is none. */
export function clientConfig({
  url,
  name = 'greenlight',
  isReadOnly,
  isUnhurried,
  lockWithinMs = isUnhurried ? 0 : usualLockWithinMs,
}: PoolOptions): pg.ClientConfig {
  const config: pg.ClientConfig = {
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: connectWithinMs,
    keepAlive: true,
    // Otherwise two hours pass before a connection that nobody talks on is found dead.
    keepAliveInitialDelayMillis: 10 * secondMs,
    types: { getTypeParser },
    lock_timeout: lockWithinMs,
    ...(isReadOnly ? { options: '-c default_transaction_read_only=on' } : {}),
    ...(isUnhurried
      ? {}
      : {
          statement_timeout: statementWithinMs,
          idle_in_transaction_session_timeout: idleWithinMs,
          query_timeout: answerWithinMs,
        }),
  };
  try {
    // Made and thrown away: it reads the address, and a wrong one is to be told before anything waits for it.
    new pg.Client(config);
  } catch {
    throw new ProblemError(unreadableAddress());
  }
  return config;
}

export interface Way {
  /** It never leaves this machine. */
  readonly isLocal: boolean;
  readonly isEncrypted: boolean;
}

/** How the driver would connect, with all that it takes from the environment; `undefined` when the address is none. */
export function wayTo(url: string): Way | undefined {
  try {
    const { host, ssl } = new pg.Client({ connectionString: url });
    // A path is a socket's. No other name counts as ours: who answers for it is not ours to say.
    const isLocal = /^(?:\/.*|localhost|127(?:\.\d{1,3}){3}|::1)$/i.test(host);
    return { isLocal, isEncrypted: Boolean(ssl) };
  } catch {
    return undefined;
  }
}

/** Moments and counts fit a number: `bigint` comes as text otherwise. */
function getTypeParser(type: number, format?: 'text' | 'binary') {
  return type === pg.types.builtins.INT8 && format !== 'binary'
    ? Number
    : pg.types.getTypeParser(type, format);
}

/** Statements are prepared once for each connection, and a connection that is of no more use is not given back. */
function keeping(client: pg.PoolClient): PostgresPoolClient {
  let isLost = false;
  let isOutdated = false;
  let isInTransaction = false;

  /** Only texts: cursors would need a package of their own. */
  async function query(text: unknown, values: readonly unknown[] = []): Promise<unknown> {
    const statement = { text: String(text), values: values.map(taken) };
    // What a lost connection had not committed is gone with it. Sent all the same, it might wait for ever behind a
    // statement that was not answered, and its own failure would hide why.
    if (isLost && statement.text === 'rollback') return { command: 'ROLLBACK', rowCount: 0, rows: [] };
    if (isLost) throw new Error('Connection terminated');
    try {
      const result = await client.query({ ...statement, ...nameOf(statement.text) });
      if (/^(?:begin|start transaction)/.test(statement.text)) isInTransaction = true;
      if (['commit', 'rollback'].includes(statement.text)) isInTransaction = false;
      return result;
    } catch (error) {
      isLost = isConnectionLost(error);
      isOutdated ||= isPlanTooOld(error);
      if (isOutdated && !isInTransaction) return client.query(statement);
      throw error;
    }
  }
  return {
    query: query as PostgresPoolClient['query'],
    release: (isDiscarded) => client.release(isLost || isOutdated || isDiscarded === true),
  };
}

/**
 * As our columns take it. A moment that was reckoned may lie between two milliseconds, and is over at the later one. A
 * text of PostgreSQL holds no zero character (its docs, 8.3); JSON writes it in other letters.
 */
function taken(value: unknown): unknown {
  if (typeof value === 'number') return Math.ceil(value);
  return typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value;
}

/** As many as we have ourselves; a list of any length within a statement makes others, which are not kept. */
const namesMax = 300;
const names = new Map<string, string>();

function nameOf(text: string): { readonly name?: string } {
  const known = names.get(text);
  if (known !== undefined) return { name: known };
  if (names.size >= namesMax || !/^(?:select|insert|update|delete) /.test(text)) return {};
  const name = `greenlight_${names.size}`;
  names.set(text, name);
  return { name };
}
