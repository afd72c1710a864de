/**
 * What the address bar remembers, so that a reload (and a link sent to a colleague) shows the same:
 * `?as=U0DANA&in=C0REQUESTS&thread=...&beside=U0SAM&besideIn=home`.
 */
import type { Location } from './screen.ts';

export interface Seat {
  readonly person: string;
  readonly location: Location | undefined;
}

export interface Route {
  /** One pane, or two side by side. */
  readonly seats: readonly Seat[];
}

/** Pure: reads `location.search`. `fallback` sits when nobody is named. */
export function parseRoute(search: string, fallback: string): Route {
  const query = new URLSearchParams(search);
  const seat = (person: string, prefix: '' | 'beside'): Seat => {
    const channel = query.get(prefix === '' ? 'in' : 'besideIn');
    const thread = query.get(prefix === '' ? 'thread' : 'besideThread');
    const location: Location | undefined =
      channel === null
        ? undefined
        : channel === 'home'
          ? { home: true }
          : thread === null
            ? { channel }
            : { channel, thread };
    return { person, location };
  };
  const beside = query.get('beside');
  const first = seat(query.get('as') ?? fallback, '');
  return { seats: beside === null ? [first] : [first, seat(beside, 'beside')] };
}

/** The other way round; `parseRoute(formatRoute(route))` is `route`. */
export function formatRoute(route: Route): string {
  const query = new URLSearchParams();
  for (const [index, { person, location }] of route.seats.entries()) {
    query.set(index === 0 ? 'as' : 'beside', person);
    if (location === undefined) continue;
    const isHome = 'home' in location;
    query.set(index === 0 ? 'in' : 'besideIn', isHome ? 'home' : location.channel);
    if (!isHome && location.thread) query.set(index === 0 ? 'thread' : 'besideThread', location.thread);
  }
  return `?${query}`;
}
