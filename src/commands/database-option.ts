/** Which database a command means: the one that is named, else that of the settings, as the bot has it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ProblemError, problem } from '../core/problem.ts';
import { Secret } from '../settings/secret.ts';
import type { DatabasePlace } from '../store/open-store.ts';

/** What the option says of itself in the help. */
export const databaseOption = '--database <place>';

/**
 * @param named a file, or the address of a PostgreSQL; of the settings when not given.
 * @throws ProblemError `bad_input` for another kind of address.
 */
export function databasePlace(named: string | undefined, env = settings()): DatabasePlace {
  const url = env.DATABASE_URL || undefined;
  const file = env.GREENLIGHT_DATABASE || join(env.GREENLIGHT_DATA_DIR || 'data', 'greenlight.db');
  return placeNamed(named ?? url ?? file);
}

/** @throws ProblemError `bad_input` */
export function placeNamed(text: string): DatabasePlace {
  if (/^postgres(?:ql)?:\/\//.test(text)) return { url: new Secret(text) };
  if (!/^[a-z][a-z\d+.-]+:\/\//i.test(text)) return { file: text };
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
