/** The windows of a policy file. */
import { timeZoneProblem } from '../core/time-zone.ts';
import type { Mistake } from '../documents/document.ts';
import type { Positions } from '../documents/positions.ts';
import type { PolicyInFile } from './policy-schema.ts';
import type { Window } from './windows.ts';

/** `defaultZone` is where a window without a zone is meant. */
export function readWindows(
  file: PolicyInFile,
  defaultZone: string,
  positions: Positions,
): { windows: ReadonlyMap<string, Window>; mistakes: readonly Mistake[] } {
  const entries = Object.entries(file.windows);
  return {
    windows: new Map(
      entries.map(([name, { title = name, zone = defaultZone, weekly }]) => [
        name,
        { name, title, zone, weekly },
      ]),
    ),
    mistakes: entries.flatMap(([name, { zone }]) => {
      const wrong = zone === undefined ? undefined : timeZoneProblem(zone);
      return wrong === undefined
        ? []
        : [positions.at(['windows', name, 'zone'], `windows.${name}.zone: ${wrong}`)];
    }),
  };
}
