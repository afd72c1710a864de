/**
 * What goes wrong with PostgreSQL, as problems. No word of the address is repeated: it may hold a password, and the
 * driver's own errors may hold it.
 */
import { type Problem, problem } from '../core/problem.ts';

/** @returns `undefined` for what is rather a mistake of ours, like SQL that is wrong. */
export function postgresProblem(error: unknown): Problem | undefined {
  const code = codeOf(error);
  const kind = Object.keys(causes).find((one) => code.startsWith(one));
  if (kind === undefined) return undefined;
  return problem(
    'outside_unavailable',
    'Greenlight cannot use its database now.',
    'Look in `/requests` in a minute whether it was taken down all the same, before you try again. If it stays, tell the platform team.',
    { detail: `${code}: ${causes[kind] ?? ''}`, isTransient: true },
  );
}

/** An address that is none; the mistake itself stays unsaid, since its text repeats the address. */
export function unreadableAddress(): Problem {
  return problem(
    'bad_input',
    'The address of the database cannot be read.',
    'Write DATABASE_URL like postgresql://user:password@host:5432/database, with %40 for an @ in the password.',
  );
}

/** Whether the same again may well succeed at once: somebody else was in the way, or the schema has grown since. */
export function isWorthAnotherTry(error: unknown): boolean {
  return ['40001', '40P01'].includes(codeOf(error)) || isPlanTooOld(error);
}

/** Whether somebody else kept a table or a row, and nothing was done for it. */
export function isHeldUp(error: unknown): boolean {
  return ['55P03', '40P01'].includes(codeOf(error));
}

/**
 * A prepared statement whose table another version has changed meanwhile: it fails on this connection for ever, until
 * it is prepared anew.
 */
export function isPlanTooOld(error: unknown): boolean {
  return codeOf(error) === '0A000' && error instanceof Error && error.message.includes('cached plan');
}

/** Whether the connection itself is of no more use; also when the server at its other end is none to write to any more. */
export function isConnectionLost(error: unknown): boolean {
  return lost.some((one) => codeOf(error).startsWith(one));
}

/**
 * Of the server (five characters), of the network (`ECONNREFUSED`), or our name for what the driver says only in words.
 * An address with several numbers fails with all of them at once; the first code speaks for all.
 */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  const words = Object.keys(driverWords).find((one) => error.message.includes(one)) ?? '';
  return driverWords[words] ?? '';
}

/** As pg 8 says them (its client.js and pg-pool's index.js). */
const driverWords: Readonly<Record<string, string>> = {
  'Connection terminated': 'ECONNRESET',
  'Client was closed': 'ECONNRESET',
  'Client has encountered a connection error': 'ECONNRESET',
  'Query read timeout': 'ETIMEDOUT',
  'timeout exceeded when trying to connect': 'ETIMEDOUT',
  'does not support SSL': 'NO_TLS',
  'self-signed certificate': 'CERT_',
  'client password must be a string': '28P01',
};

const lost = ['08', '25006', '57P', '25P03', 'ECONN', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'];

/** What PgBouncer and its like do between two transactions is lost on us: settings, prepared statements, LISTEN. */
const behindPooler =
  'It seems to be a pooler that shares its connections: name PostgreSQL itself in DATABASE_URL, or a pooler in session mode.';

const unknownAuthority =
  'The certificate of the server is not known here: name its authority as sslrootcert in DATABASE_URL.';

/** What each says of the machine or its settings, and what to do (postgresql.org/docs/current/errcodes-appendix.html). */
const causes: Readonly<Record<string, string>> = {
  '08P01': behindPooler,
  '08': 'The connection to PostgreSQL was lost.',
  '25006': 'PostgreSQL only reads: DATABASE_URL names a standby, or the database was made read-only.',
  '25P03': 'PostgreSQL ended a transaction that stood still: look for a process that is starved of time.',
  '26000': behindPooler,
  '28': 'PostgreSQL does not let us in: look at the user and the password in DATABASE_URL, and at pg_hba.conf.',
  '3D000': 'There is no such database: make it with createdb, or name another in DATABASE_URL.',
  '40001': 'Others changed the same rows again and again.',
  '40P01': 'Others held the same rows again and again.',
  '42501':
    'The user in DATABASE_URL lacks a right: it must own the database, or may create tables in its schema.',
  '53': 'PostgreSQL is out of room or of connections: look at its disk and at max_connections.',
  '55P03': 'Another session holds a row or a table for longer than 5 s: look at pg_locks.',
  '57014': 'A statement took longer than 10 s: look at what else PostgreSQL does.',
  '57P': 'PostgreSQL is starting, stopping or was restarted.',
  '58': 'PostgreSQL cannot read or write its files: look at its log.',
  XX000: 'PostgreSQL has made a mistake of its own: look at its log.',
  XX001: 'A table is damaged: look at the log of PostgreSQL, and restore a backup.',
  XX002: 'An index is damaged: look at the log of PostgreSQL.',
  ECONN:
    'Nothing answers at the address in DATABASE_URL, or the connection was lost: start PostgreSQL, or name another.',
  EPIPE: 'The connection to PostgreSQL was lost.',
  ENOENT: 'There is no such socket or certificate: look at DATABASE_URL.',
  ENOTFOUND: 'There is no such host: look at DATABASE_URL.',
  EAI_AGAIN: 'The name of the host in DATABASE_URL cannot be looked up now.',
  EHOSTUNREACH: 'The host in DATABASE_URL cannot be reached.',
  ENETUNREACH: 'The host in DATABASE_URL cannot be reached.',
  ETIMEDOUT: 'PostgreSQL does not answer: look at the network and at its load.',
  EACCES: 'This process may not open the socket in DATABASE_URL.',
  NO_TLS: 'The server speaks no TLS: take sslmode out of DATABASE_URL, or let the server have it.',
  CERT_: unknownAuthority,
  DEPTH_ZERO: unknownAuthority,
  SELF_SIGNED: unknownAuthority,
  UNABLE_TO_: unknownAuthority,
  ERR_TLS: 'The certificate of the server is of another name than the host in DATABASE_URL.',
};
