/** The database of a chaos world, and what is in it: read by connections of the driver's own, never through the bot. */
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import pg from 'pg';
import type { AuditStore } from '../../src/core/audit.ts';
import type { Store } from '../../src/core/store.ts';
import { openPostgresStore } from '../../src/store/postgres.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';
import type { Place } from './proxy.ts';

export const databaseKinds = ['sqlite', 'postgres'] as const;
export type DatabaseKind = (typeof databaseKinds)[number];

/** As it can be told to another process. */
export type BotDatabase = { readonly file: string } | { readonly url: string };

export interface ChaosDatabase {
  readonly kind: DatabaseKind;
  /** How a bot finds it: a server behind its wire. */
  readonly forBots: BotDatabase;
  /** Of SQLite. */
  readonly file?: string;
  readonly server?: PostgresServer;
  /** Where that is, without the wire. */
  readonly place?: Place;
  /** For looking, beside the bots. */
  open(): Promise<Store & AuditStore>;
  /** The rows of a statement that only reads. */
  rows(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

/** @param wirePort where bots find the server. */
export function openDatabase(kind: DatabaseKind, folder: string, wirePort: number): Promise<ChaosDatabase> {
  return kind === 'sqlite' ? openSqlite(join(folder, 'greenlight.db')) : openPostgres(wirePort);
}

async function openSqlite(file: string): Promise<ChaosDatabase> {
  return {
    kind: 'sqlite',
    forBots: { file },
    file,
    open: () => openSqliteStore({ file, isReadOnly: true }),
    async rows(statement) {
      const database = new BetterSqlite3(file, { readonly: true });
      try {
        return database.prepare<[], Record<string, unknown>>(statement).all();
      } finally {
        database.close();
      }
    },
    close: async () => undefined,
  };
}

/** Commits wait for the disk, as they do where it matters: what a kill may lose is what this is about. */
async function openPostgres(wirePort: number): Promise<ChaosDatabase> {
  const server = await startPostgres({ isDurable: true });
  const url = await server.createDatabase('nothing');
  const wired = new URL(url);
  wired.port = String(wirePort);
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on('error', () => undefined);
  return {
    kind: 'postgres',
    forBots: { url: wired.href },
    server,
    place: { host: '127.0.0.1', port: server.port },
    open: () => openPostgresStore({ url, isReadOnly: true }),
    rows: async (statement) => (await pool.query<Record<string, unknown>>(statement)).rows,
    async close() {
      await pool.end();
      await server.stop();
    },
  };
}
