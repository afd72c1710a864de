/** `greenlight doctor`: everything that can be wrong with an installation, looked at; nothing is changed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemFrom } from '../../core/problem.ts';
import { type Config, ConfigError, type Environment, readConfig } from '../../settings/config.ts';
import type { DatabasePlace } from '../../store/open-store.ts';
import { databasePlace } from '../database-option.ts';
import { checkDatabase } from './database.ts';
import { checkDocuments } from './documents.ts';
import { checkEncryption } from './encryption.ts';
import { type Finding, failure, well } from './finding.ts';
import { checkMachine } from './machine.ts';

export interface DoctorCommand {
  /** As the process has it, with what `.env` says. */
  readonly environment: Environment;
  /** Instead of the one that the settings name. */
  readonly database?: DatabasePlace;
  /** Asks nobody outside. */
  readonly isOffline: boolean;
  readonly isJson: boolean;
}

/** 0: nothing fails, whatever somebody should look at. 1: something does. */
export async function doctor(
  options: DoctorCommand,
  now: () => number,
  write: (line: string) => void,
): Promise<0 | 1> {
  const { environment, isJson } = options;
  const [config, settings] = settingsOf(environment);
  const dataFolder = config?.dataDir ?? (environment.GREENLIGHT_DATA_DIR || 'data');
  const [place, named] = options.database ? [options.database, []] : placeOf(config, dataFolder, environment);
  const all: Finding[] = [];
  const tell = (found: readonly Finding[]) => {
    all.push(...found);
    if (!isJson) for (const one of found) write(lineOf(one));
  };
  tell(settings);
  tell(named);
  tell(await checkMachine(dataFolder, place));
  tell(await checkDocuments(dataFolder));
  if (place) {
    tell(checkEncryption(place));
    tell(await checkDatabase(place, auditKeyOf(config), now));
  }
  if (config?.kind === 'real' && !options.isOffline) {
    const { checkOutside } = await import('./outside.ts');
    tell(await checkOutside(config, now));
  }
  const failed = all.filter(({ state }) => state === 'fail').length;
  const warned = all.filter(({ state }) => state === 'warn').length;
  if (isJson) write(JSON.stringify({ isWell: failed === 0, findings: all }, null, 2));
  else write(`${all.length - failed - warned} ok, ${warned} to look at, ${failed} wrong.`);
  return failed === 0 ? 0 : 1;
}

/** Every mistake of the settings by itself; no value of any. */
function settingsOf(environment: Environment): readonly [Config | undefined, readonly Finding[]] {
  try {
    const config = readConfig(environment, (path) => readFileSync(path, 'utf8'));
    const sentence =
      config.kind === 'sandbox'
        ? 'Nothing is configured: it starts in its sandbox.'
        : 'Complete: it starts for real.';
    return [config, [well('settings', sentence)]];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [
      undefined,
      error.mistakes.map(({ setting, fix }) =>
        failure('settings', `${setting} is not right.`, `${fix[0]?.toUpperCase() ?? ''}${fix.slice(1)}.`),
      ),
    ];
  }
}

/** None, and why, where the settings name none. */
function placeOf(
  config: Config | undefined,
  dataFolder: string,
  environment: Environment,
): readonly [DatabasePlace | undefined, readonly Finding[]] {
  if (config?.kind === 'real') return [config.database, []];
  if (config?.kind === 'sandbox') return [{ file: join(dataFolder, 'sandbox.db') }, []];
  try {
    return [databasePlace(undefined, environment), []];
  } catch (error) {
    const { sentence, next } = problemFrom(error);
    return [undefined, [failure('database', sentence, next)]];
  }
}

function auditKeyOf(config: Config | undefined): string | undefined {
  return config?.kind === 'real' ? config.audit.key?.reveal() : undefined;
}

const marks = { ok: 'ok  ', warn: 'LOOK', fail: 'FAIL' } as const;

function lineOf({ check, state, sentence, next }: Finding): string {
  const indent = ' '.repeat(18);
  const text = (next === undefined ? sentence : `${sentence}\n→ ${next}`).replaceAll('\n', `\n${indent}`);
  return `${marks[state]}  ${check.padEnd(12)}${text}`;
}
