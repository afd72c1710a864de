/** Two replicas over one PostgreSQL, for all tests of a file; each test finds it empty. */
import { afterAll, beforeEach } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres.ts';
import { type ReusableDatabase, reusableDatabase } from '../postgres/databases.ts';
import type { OneStore } from './store-races.ts';

export interface TwoReplicas {
  readonly database: ReusableDatabase;
  readonly one: OneStore;
  readonly other: OneStore;
}

export async function twoReplicas(): Promise<TwoReplicas> {
  const database = await reusableDatabase();
  const one = await openPostgresStore({ url: database.url });
  const other = await openPostgresStore({ url: database.url });
  beforeEach(() => database.renew());
  afterAll(async () => {
    await one.close();
    await other.close();
    await database.close();
  });
  return { database, one, other };
}
