/**
 * The log: lines of JSON for machines, short lines for a person at a terminal. Nothing secret gets through, in two
 * ways that do not depend on each other: fields are copied without what is secret by name or form, and the finished
 * line is searched for secret forms again. Redaction by pino's paths alone would not reach what lies deeper or inside
 * an error's text.
 */
import { type DestinationStream, destination, type Level, pino } from 'pino';
import type { Log } from './core/ports.ts';
import { redactSecrets } from './core/redact.ts';
import { redactFields } from './redact-fields.ts';

export interface LogOptions {
  readonly level: Level;
  /** `lines` for a person at a terminal, `json` for everything else. */
  readonly form: 'lines' | 'json';
  /** Where it goes; standard output when not given. */
  readonly to?: DestinationStream;
}

/** What waits for room on a full disk, in bytes; further lines are lost. */
const waitingMax = 1_000_000;

/**
 * Written at once, so that a crash loses no line. A log that cannot be written stops nothing: what waits is written as soon
 * as there is room.
 * @param dest a file's path; standard output when not given.
 */
export function steadyDestination(dest?: string): DestinationStream {
  const to = destination({ sync: true, maxLength: waitingMax, ...(dest === undefined ? {} : { dest }) });
  to.on('error', () => {});
  return to;
}

export function createLog({ level, form, to = steadyDestination() }: LogOptions): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (fields) => redactFields(fields) as Fields },
      // Ours have been taken apart already; pino's own would run after and see less.
      serializers: {},
      hooks: { streamWrite: redactSecrets },
    },
    form === 'json' ? to : { write: (line) => to.write(forPeople(line)) },
  );
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}

type Fields = Record<string, unknown>;

const marks: Readonly<Record<string, string>> = { warn: 'warning: ', error: 'error: ' };

/** `09:00:00 error: it did not work  request=REQ-12 attempts=2`. */
function forPeople(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Fields;
  const clock = String(time).slice(11, 19);
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${inWords(value)}`);
  const words = [`${clock} ${marks[String(level)] ?? ''}${printable(String(msg))}`, rest.join(' ')];
  return `${words.filter((one) => one !== '').join('  ')}\n`;
}

function inWords(value: unknown): string {
  return typeof value === 'string' && /^[\w:./#@-]+$/.test(value) ? value : JSON.stringify(value);
}

/** Somebody's text must not move the cursor or colour the terminal of whoever reads the log. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '·');
}
