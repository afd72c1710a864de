/** The PostgreSQL store: the contract, and what only a server can promise. */
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres.ts';
import { type ReusableDatabase, reusableDatabase } from '../postgres/databases.ts';
import { describeStore } from './store-contract.ts';
import { type OneStore, promiseRaces, promiseWakes } from './store-races.ts';

let database: ReusableDatabase;
let shared: OneStore;
beforeAll(async () => {
  database = await reusableDatabase();
  shared = await openPostgresStore({ url: database.url });
});
beforeEach(() => database.renew());
afterAll(async () => {
  await shared.close();
  await database.close();
});

/** The first of each test has its connections already, as that takes longer than most tests; a second one is another. */
describeStore('the PostgreSQL store', async () => {
  let opened = 0;
  const kept: OneStore = { ...shared, close: async () => undefined };
  return {
    open: async () => (opened++ === 0 ? kept : openPostgresStore({ url: database.url })),
    remove: async () => undefined,
  };
});

describe('two replicas on one PostgreSQL', () => {
  let second: OneStore;
  beforeAll(async () => {
    second = await openPostgresStore({ url: database.url });
  });
  afterAll(() => second.close());
  promiseRaces(() => [shared, second], 4);
  promiseWakes(() => [shared, second], 1);
});
