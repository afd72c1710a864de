/** What differs between the databases, and nothing else. Whatever is not here must read the same on both. */
import type { ColumnDefinitionBuilder, Kysely, SelectQueryBuilder, Transaction } from 'kysely';
import type { Problem } from '../core/problem.ts';
import type { Database } from './schema.ts';

export interface SqlDialect {
  /** Makes a column the table's key, numbered by the database. */
  numberedByItself(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder;
  /** The number that it gave last to a row of a table it numbers; 0 before the first. */
  lastNumber(db: Reader, table: string): Promise<number>;
  /** Goes on after it. */
  numberAfter(db: Reader, table: string, last: number): Promise<void>;
  /** Makes the database itself refuse `update` and `delete` on a table. */
  makeAppendOnly(db: Kysely<unknown>, table: string): Promise<void>;
  /** Of an append-only table: lets those updates through for which `condition`, SQL over `old` and `new`, holds. */
  letUpdate(db: Kysely<unknown>, table: string, condition: string): Promise<void>;
  /** Makes the database tell whoever listens that rows were added, or changed in one of these columns. */
  tellOfChanges(db: Kysely<unknown>, table: string, columns: readonly string[]): Promise<void>;
  /** Holds the selected rows until the transaction ends: `wait` for whoever holds them now, or `skip` those. */
  lock<Tables extends keyof Database, Row>(
    query: SelectQueryBuilder<Database, Tables, Row>,
    others: 'wait' | 'skip',
  ): SelectQueryBuilder<Database, Tables, Row>;
  /** Lets nobody else write into the table until the transaction ends: for what is counted before it is written. */
  lockTable(trx: Transaction<Database>, table: keyof Database): Promise<void>;
  /** The problem that one of the database's own errors is: out of room, busy, unreachable. */
  problemFrom(error: unknown): Problem | undefined;
}

export type Reader = Kysely<Database>;
export type Writer = Transaction<Database>;
