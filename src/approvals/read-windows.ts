/** The windows of a policy file. */
import { listOf } from '../core/text.ts';
import { timeZoneProblem } from '../core/time-zone.ts';
import type { Mistake } from '../documents/document.ts';
import type { Positions } from '../documents/positions.ts';
import type { PolicyInFile, WindowInFile } from './policy-schema.ts';
import { type ReadRecurrence, type Recurrence, readCron, readRrule } from './recurrence.ts';
import type { Window } from './windows.ts';

/** `defaultZone` is where a window without a zone is meant. */
export function readWindows(
  file: PolicyInFile,
  defaultZone: string,
  positions: Positions,
): { windows: ReadonlyMap<string, Window>; mistakes: readonly Mistake[] } {
  const windows = new Map<string, Window>();
  const mistakes: Mistake[] = [];
  for (const [name, one] of Object.entries(file.windows)) {
    const { title = name, zone = defaultZone, weekly = [] } = one;
    const complain = (field: string | undefined, message: string) => {
      const path = ['windows', name, ...(field === undefined ? [] : [field])];
      mistakes.push(positions.at(path, `${path.join('.')}: ${message}`));
    };
    const wrongZone = timeZoneProblem(zone);
    const wrongShape = shapeProblem(one);
    if (wrongZone !== undefined) complain('zone', wrongZone);
    else if (wrongShape !== undefined) complain(undefined, wrongShape);
    const recurring = (wrongZone ?? wrongShape) ? [] : recurrences(one, zone, complain);
    windows.set(name, { name, title, zone, weekly, ...(recurring.length > 0 ? { recurring } : {}) });
  }
  return { windows, mistakes };
}

const kinds = ['weekly', 'cron', 'rrule'] as const;
const wantedBeside = { weekly: [], cron: ['for'], rrule: ['for', 'starts'] } as const;

/** A window of the week has both its ends; any other says when it begins and how long it lasts. */
function shapeProblem(window: WindowInFile): string | undefined {
  const given = kinds.filter((kind) => window[kind] !== undefined);
  const [kind, ...more] = given;
  if (kind === undefined || more.length > 0) {
    return `say exactly one of ${listOf(kinds, 'or')}; here is ${given.length === 0 ? 'none' : listOf(given)}.`;
  }
  const wanted: readonly string[] = wantedBeside[kind];
  for (const field of ['for', 'starts'] as const) {
    const isWanted = wanted.includes(field);
    if (isWanted && window[field] === undefined) return `with ${kind}, say "${field}" too.`;
    if (!isWanted && window[field] !== undefined) return `"${field}" says nothing with ${kind}.`;
  }
  return undefined;
}

function recurrences(
  { cron = [], rrule, starts = '', for: lasts = '' }: WindowInFile,
  zone: string,
  complain: (field: string, message: string) => void,
): Recurrence[] {
  const kept = (field: string, read: ReadRecurrence) => {
    if (read.ok) return [read.recurrence];
    complain(field, read.message);
    return [];
  };
  return [
    ...cron.flatMap((pattern) => kept('cron', readCron(pattern, lasts, zone))),
    ...(rrule === undefined ? [] : kept('rrule', readRrule(rrule, starts, lasts, zone))),
  ];
}
