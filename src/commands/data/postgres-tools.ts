/** PostgreSQL has its own tools for its own data, which operators know: the lines to call them with, and never a password. */
import { type Problem, problem } from '../../core/problem.ts';

/** How many numbers are left out when nobody can tell any more how many were given after the backup. */
export const leapNumbers = 1_000;

interface Url {
  reveal(): string;
}

/** Why `greenlight backup` makes none, and what does. */
export function dumpCommand(url: Url, to: string): Problem {
  const dump = advice(`pg_dump --format=custom --file=${quoted(to)}`, url);
  return problem(
    'bad_input',
    'The database is a PostgreSQL: its own tools back it up while the bot runs, and know how to do so on a schedule.',
    `${dump} (Or use what your provider has: snapshots, point-in-time recovery.)`,
  );
}

/** Why `greenlight restore` does nothing, and what does. */
export function restoreCommand(url: Url, from: string): Problem {
  const restore = advice('pg_restore --clean --if-exists --single-transaction --no-owner', url, quoted(from));
  return problem(
    'bad_input',
    'The database is a PostgreSQL: its own tools restore it.',
    `Stop every replica first. ${restore} ${leap(url)} Look with \`greenlight audit verify\` and \`greenlight doctor\`, and only then start the replicas.`,
  );
}

/** Our own restore does the same: what was made outside after the backup would be taken for that of another request. */
function leap(url: Url): string {
  const leaps = `update counters set value = value + ${leapNumbers} where name = 'requests'`;
  const command = ['psql', ...connection(url.reveal()), `--command="${leaps}"`].join(' ');
  return `Then \`${command}\`, so that no number is given twice: what was made outside since the backup carries one.`;
}

function advice(command: string, url: Url, last?: string): string {
  const where = connection(url.reveal());
  return `Run \`${[command, ...where, ...(last === undefined ? [] : [last])].join(' ')}\`; it asks for the password, or takes it from PGPASSWORD or ~/.pgpass.`;
}

/** Nothing of it that may be secret: parameters behind the `?` are left out, since one of them may be the password. */
function connection(text: string): string[] {
  if (!URL.canParse(text)) return ['--dbname=…'];
  const { hostname, port, username, pathname, searchParams } = new URL(text);
  const host = hostname === '' ? (searchParams.get('host') ?? '') : decodeURIComponent(hostname);
  const given = [
    ['host', host.replace(/^\[(.*)\]$/, '$1')],
    ['port', port],
    ['username', decodeURIComponent(username)],
    ['dbname', decodeURIComponent(pathname.slice(1))],
  ] as const;
  return given.filter(([, value]) => value !== '').map(([name, value]) => `--${name}=${quoted(value)}`);
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
