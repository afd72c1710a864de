/** Databases of the run's own PostgreSQL, for tests. */
import pg from 'pg';
import { inject } from 'vitest';

/** Its URL. It goes with the server. */
export async function newDatabase(content: 'schema' | 'nothing' = 'schema'): Promise<string> {
  const answer = await fetch(`${inject('postgresDesk')}/${content}`);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

/** One that can be as new again in a few milliseconds: making another would take ten times as long. */
export interface ReusableDatabase {
  readonly url: string;
  /** As its owner, past everything that Greenlight does. */
  sql(statement: string): Promise<pg.QueryResult>;
  /** Takes away what was written since it was made. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

export async function reusableDatabase(): Promise<ReusableDatabase> {
  const url = await newDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(rememberSeeds);
  return {
    url,
    sql: (statement) => client.query(statement),
    renew: async () => void (await client.query('select seeds.renew()')),
    close: () => client.end(),
  };
}

/** What is in the tables from the start is kept beside them; what refuses a deletion is off for this one transaction. */
const rememberSeeds = `
create schema seeds;
do $$ declare one text; begin
  for one in select tablename from pg_tables where schemaname = 'public' loop
    execute format('create table seeds.%I as table public.%I', one, one);
  end loop;
end $$;
create function seeds.renew() returns void language plpgsql set session_replication_role = replica as $$
declare one text; begin
  for one in select tablename from pg_tables where schemaname = 'public' loop
    execute format('delete from public.%I', one);
    execute format('insert into public.%I select * from seeds.%I', one, one);
  end loop;
  for one in select sequencename from pg_sequences where schemaname = 'public' loop
    execute format('alter sequence public.%I restart', one);
  end loop;
end $$`;
