/** `greenlight audit export`: all of the audit or a part of it, to be verified elsewhere or read in a spreadsheet. */
import { csvLines, exportLines } from '../../audit/export-lines.ts';
import { createSelection, type SelectionOptions } from '../../audit/selection.ts';
import { parseDuration } from '../../core/duration.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import type { DatabasePlace } from '../../store/open-store.ts';
import { withAudit } from './open.ts';

export interface ExportCommand {
  readonly database: DatabasePlace;
  readonly format: string;
  readonly person?: string;
  readonly service?: string;
  readonly control?: string;
  /** A moment (`2026-11-01`, `2026-11-01T12:00Z`) or a span back from now (`30d`). */
  readonly since?: string;
  readonly until?: string;
}

/**
 * @param write takes a line, and is waited for: an export may be longer than memory.
 * @throws ProblemError `bad_input` for a format or a time that is none.
 */
export async function exportAudit(
  options: ExportCommand,
  now: number,
  write: (line: string) => Promise<void>,
): Promise<void> {
  const { database, format, person, service, control } = options;
  if (format !== 'jsonl' && format !== 'csv') {
    throw new ProblemError(problem('bad_input', `"${format}" is no format.`, 'Write jsonl or csv.'));
  }
  const selected: SelectionOptions = {
    ...(person === undefined ? {} : { person }),
    ...(service === undefined ? {} : { service }),
    ...(control === undefined ? {} : { control }),
    ...(options.since === undefined ? {} : { since: momentOf(options.since, now) }),
    ...(options.until === undefined ? {} : { until: momentOf(options.until, now) }),
  };
  await withAudit(database, async (store) => {
    const selection = createSelection(selected);
    for await (const line of (format === 'csv' ? csvLines : exportLines)(store, selection)) await write(line);
  });
}

/** A day begins at midnight UTC, as all times of an audit are. */
function momentOf(text: string, now: number): number {
  const span = parseDuration(text);
  if (span !== undefined) return now - span;
  const moment = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(moment)) return moment;
  throw new ProblemError(
    problem('bad_input', `"${text}" is not a time.`, 'Write one like 2026-11-01, 2026-11-01T12:00Z or 30d.'),
  );
}
