/** What every story test needs. */
import type { Log } from '../../src/core/ports.ts';

export const dataFolder = new URL('../../data', import.meta.url).pathname;

/** Only what nobody expected: a story provokes many a refusal. */
export const quietLog: Log = {
  info: () => {},
  warn: () => {},
  error: (fields, message) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
};
