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
    const name = (short: string) =>
      prefix === '' ? short : `beside${short.charAt(0).toUpperCase()}${short.slice(1)}`;
    const channel = query.get(name('in'));
    const thread = query.get(name('thread'));
    const at = query.get(name('at'));
    if (channel === null) return { person, location: undefined };
    if (channel === 'home') return { person, location: { home: true } };
    const location = { channel, ...(thread === null ? {} : { thread }), ...(at === null ? {} : { at }) };
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
    if (!isHome && location.at) query.set(index === 0 ? 'at' : 'besideAt', location.at);
  }
  return `?${query}`;
}
