/** PostgreSQL has its own tools for its own data, which operators know: the lines to call them with, and never a password. */
import { type Problem, problem } from '../../core/problem.ts';

/** How many numbers are left out when nobody can tell any more how many were given after the backup. */
export const leapNumbers = 1_000;

interface Url {
  reveal(): string;
}

/** What a backup of ours is not: a dump for PostgreSQL's own tools, and every moment in between. */
export function dumpAdvice(url: Url, to: string): string {
  const dump = advice(`pg_dump --format=custom --file=${quoted(to)}`, url);
  return `For a dump that pg_restore reads: ${dump} To go back to any moment: what your provider has for point-in-time recovery.`;
}

/** Why `greenlight restore` does nothing with what is no backup of ours, and what does. */
export function restoreCommand(url: Url, from: string): Problem {
  const restore = advice('pg_restore --clean --if-exists --single-transaction --no-owner', url, quoted(from));
  return problem(
    'bad_input',
    'That is no file of `greenlight backup`, so nothing was changed: the tools of PostgreSQL restore what they have dumped.',
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
