/** Which database a command means: the one that is named, else that of the settings, as the bot has it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ProblemError, problem } from '../core/problem.ts';
import { fixOfDatabaseFile, fixOfDatabaseUrl } from '../settings/database-mistakes.ts';
import { Secret } from '../settings/secret.ts';
import type { DatabasePlace } from '../store/open-store.ts';

/** What the option says of itself in the help. */
export const databaseOption = '--database <place>';

/**
 * @param named a file, or the address of a PostgreSQL; of the settings when not given.
 * @throws ProblemError `bad_input` for another kind of address, and for a setting that the bot would not take.
 */
export function databasePlace(named: string | undefined, env = settings()): DatabasePlace {
  if (named !== undefined) return placeNamed(named);
  const { DATABASE_URL: url, GREENLIGHT_DATABASE: file } = env;
  if (url) {
    expectRight('DATABASE_URL', fixOfDatabaseUrl(url));
    return { url: new Secret(url) };
  }
  if (!file) return { file: join(env.GREENLIGHT_DATA_DIR || 'data', 'greenlight.db') };
  expectRight('GREENLIGHT_DATABASE', fixOfDatabaseFile(file));
  return { file };
}

function expectRight(setting: string, fix: string | undefined): void {
  if (fix === undefined) return;
  const next = `${fix.charAt(0).toUpperCase()}${fix.slice(1)}.`;
  throw new ProblemError(problem('bad_input', `${setting} names no database.`, next));
}

function placeNamed(text: string): DatabasePlace {
  if (fixOfDatabaseUrl(text) === undefined) return { url: new Secret(text) };
  if (fixOfDatabaseFile(text) === undefined) return { file: text };
  throw new ProblemError(
    // Without the text: it may hold a password.
    problem(
      'bad_input',
      'That is no database of a Greenlight.',
      'Name a file, or a PostgreSQL as postgresql://user@host:5432/database, best in DATABASE_URL: other processes can read what stands on a command line.',
    ),
  );
}

/** With what `.env` says, as the bot reads it. */
function settings(): NodeJS.ProcessEnv {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}
