/** Which windows are in force, asked over and over: worked out when one begins or ends, and known in between. */
import type { Moment } from '../core/ids.ts';
import { type ActiveWindow, activeWindows, nextStart, type Window } from './windows.ts';

interface Known {
  readonly from: Moment;
  /** Until one of them ends or another begins. */
  readonly to: Moment;
  readonly active: readonly ActiveWindow[];
}

type Windows = ReadonlyMap<string, Window>;

/** By the windows themselves: an edited policy brings new ones. */
const known = new WeakMap<Windows, Known>();

/** As `activeWindows`, for moments that are near one another: calendars cost more than a whole evaluation. */
export function windowsNow({ windows }: { readonly windows: Windows }, at: Moment): readonly ActiveWindow[] {
  const last = known.get(windows);
  if (last && last.from <= at && at < last.to) return last.active;
  const active = activeWindows({ windows }, at);
  const ends = active.flatMap(({ until }) => until ?? []);
  const starts = [...windows.values()].flatMap((window) => nextStart(window, at) ?? []);
  known.set(windows, { from: at, to: Math.min(...ends, ...starts), active });
  return active;
}
