/** The database itself: reachable, whole, of which schema, and whether its audit is as it was written. */
import { existsSync } from 'node:fs';
import { sql } from 'kysely';
import { z } from 'zod';
import { type PublicKey, readPublicKey, readSigner } from '../../audit/checkpoint.ts';
import type { AuditReport } from '../../audit/verify.ts';
import { isUnwritten, verifyStore } from '../../audit/verify-store.ts';
import { dayMs } from '../../core/duration.ts';
import { count } from '../../core/text.ts';
import { damageIn, migrationsIn } from '../../store/check-sqlite-file.ts';
import type { Reader } from '../../store/dialect.ts';
import { hasSchema, migrationNames, migrationsOf } from '../../store/migrate.ts';
import { type OpenDatabase, openToLook } from '../../store/open-database.ts';
import type { DatabasePlace } from '../../store/open-store.ts';
import { strangersIn } from '../../store/schema-strangers.ts';
import { translating } from '../../store/sql.ts';
import { openToRead } from '../../store/sqlite.ts';
import { type Finding, failure, findings, warning, well } from './finding.ts';
import { checkRequests } from './history.ts';
import { databaseSkewFinding } from './skew.ts';
import { checkWriting } from './writing.ts';

/** @param auditKey the signing key of the settings; signatures are only counted without it. */
export async function checkDatabase(
  place: DatabasePlace,
  auditKey: string | undefined,
  now: () => number,
): Promise<readonly Finding[]> {
  if ('file' in place && !existsSync(place.file)) {
    return [
      warning(
        'database',
        `There is no database at ${place.file} yet.`,
        'It is made at the first start of the bot.',
      ),
    ];
  }
  return findings('database', async () => {
    const whole = 'file' in place ? await checkFile(place.file) : [];
    if (whole.some(({ check, state }) => check === 'database' && state === 'fail')) return whole;
    const database = await openToLook(place);
    try {
      return await translating(database.dialect, async () => [
        ...whole,
        ...('url' in place
          ? [...(await checkServer(database, now)), ...(await checkWriting(place.url.reveal()))]
          : []),
        ...(await checkContent(database, auditKey, now)),
      ]);
    } finally {
      await database.close();
    }
  });
}

async function checkFile(file: string): Promise<readonly Finding[]> {
  const database = openToRead(file);
  const next = 'Stop the bot, and `greenlight restore` the last backup.';
  try {
    const damage = damageIn(database);
    if (damage.length > 0) return damage.map((words) => failure('database', `${file}: ${words}`, next));
    const run = migrationsIn(database);
    const newest = run.at(-1);
    // What a newer version has added, this one cannot tell from what others have.
    const isKnown = newest !== undefined && run.every((name) => migrationNames.includes(name));
    const strangers = isKnown ? await strangersIn(database, newest) : [];
    return [
      well('database', `${file}: SQLite finds no damage in it.`),
      ...strangers.map((words) => failure('schema', words, next)),
    ];
  } finally {
    database.close();
  }
}

const serverRow = z.object({
  version: z.string(),
  number: z.coerce.number(),
  encoding: z.string(),
});

const timeRow = z.object({ now: z.coerce.number() });

/** `.env.example` says the same. */
const postgresMin = 130_000;

async function checkServer({ db }: OpenDatabase, now: () => number): Promise<readonly Finding[]> {
  const { rows } = await sql`select current_setting('server_version') as version,
    current_setting('server_version_num') as number, current_setting('server_encoding') as encoding`.execute(
    db,
  );
  const server = serverRow.parse(rows[0]);
  return [
    server.number >= postgresMin
      ? well('database', `PostgreSQL ${server.version} answers.`)
      : warning(
          'database',
          `PostgreSQL ${server.version} is out of support.`,
          'Move to a version that is not.',
        ),
    server.encoding === 'UTF8'
      ? well('encoding', 'The database is in UTF8.')
      : failure(
          'encoding',
          `The database is in ${server.encoding}.`,
          'Make one with encoding UTF8, and move to it.',
        ),
    await clockFinding(db, now),
  ];
}

/** On a connection that is there by then: making one may take longer than the difference that matters. */
async function clockFinding(db: Reader, now: () => number): Promise<Finding> {
  const askedAt = now();
  const { rows } = await sql`select extract(epoch from clock_timestamp()) * 1000 as now`.execute(db);
  return databaseSkewFinding(timeRow.parse(rows[0]).now, askedAt, now());
}

async function checkContent(
  { db, store }: OpenDatabase,
  auditKey: string | undefined,
  now: () => number,
): Promise<readonly Finding[]> {
  const run = await migrationsOf(db);
  const mayRun = run.length > 0 && (await hasSchema(db));
  const schema = schemaFinding(run, mayRun);
  // Tables of another version cannot be looked through, unless it has only added to them.
  if (!mayRun) return [schema];
  return [schema, ...(await checkRequests(db, now())), ...(await checkAudit(store, auditKey, now))];
}

function schemaFinding(run: readonly string[], mayRun: boolean): Finding {
  const unknown = run.filter((name) => !migrationNames.includes(name));
  const newest = migrationNames.at(-1);
  if (run.length === 0) {
    return failure('schema', 'It is no database of a Greenlight.', 'Name the right one with --database.');
  }
  if (unknown.length > 0) {
    if (mayRun)
      return warning(
        'schema',
        `A newer Greenlight has added to it (${unknown.join(', ')}).`,
        'Both may run on it; end the upgrade soon.',
      );
    const next = 'Use that version, or restore the backup from before it.';
    return failure('schema', `A newer Greenlight wrote it (${unknown.join(', ')}).`, next);
  }
  if (run.length < migrationNames.length) {
    const next = `Make a backup and start the bot, which brings it to ${newest}; then look again: nothing else was looked at.`;
    return warning('schema', `It is of an older version (${run.at(-1)}).`, next);
  }
  return well('schema', `It is of this version (${newest}).`);
}

function checkAudit(
  store: OpenDatabase['store'],
  auditKey: string | undefined,
  now: () => number,
): Promise<readonly Finding[]> {
  return findings('audit', async () => {
    if (await isUnwritten(store)) return [well('audit', 'Nothing has happened yet.')];
    const { position } = await store.auditHead();
    const keys = keysOf(auditKey);
    const report = await verifyStore(store, { keys, anchors: [] });
    if (report.fault === undefined) return auditFindings(report, position, keys.length > 0, now());
    // Signed by another key, or changed? Without keys it tells.
    const chain = keys.length > 0 ? await verifyStore(store, { keys: [], anchors: [] }) : report;
    if (chain.fault !== undefined) {
      return [
        failure('audit', chain.fault, 'Keep the database as it is, and compare it with backups and anchors.'),
      ];
    }
    const next = 'If the key was changed, give `greenlight audit verify` those of all times with --key.';
    return [...auditFindings(chain, position, false, now()), warning('checkpoints', report.fault, next)];
  });
}

function auditFindings(
  { entries, checkpoints, signedUpTo, last }: AuditReport,
  position: number,
  isSigned: boolean,
  now: number,
): readonly Finding[] {
  const signed = isSigned ? `signed up to event ${signedUpTo}` : count(checkpoints, 'checkpoint');
  const verified = well('audit', `${count(entries, 'event')}, each following the one before; ${signed}.`);
  const isBehind = isSigned && signedUpTo < position && (last?.at ?? now) < now - dayMs;
  if (!isBehind) return [verified];
  const next = 'The log of the bot says why no checkpoint was signed since.';
  return [
    verified,
    warning('checkpoints', `Only up to event ${signedUpTo} of ${position} it is signed.`, next),
  ];
}

function keysOf(auditKey: string | undefined): readonly PublicKey[] {
  const signer = auditKey === undefined ? undefined : readSigner(auditKey);
  const key = signer && readPublicKey(signer.publicKey);
  return key ? [key] : [];
}
