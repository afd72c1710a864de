/** The whole page: a bar for the sandbox itself, one or two people's panes, and a drawer. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { WorldView } from '../../protocol.ts';
import { formatRoute, parseRoute, type Route, type Seat } from '../data/route.ts';
import { Inspector } from '../drawer/inspector.ts';
import { WorldPanel } from '../drawer/world-panel.ts';
import { html, type VNode } from '../html.ts';
import { Pane } from './pane.ts';
import { type DrawerName, TopBar } from './top-bar.ts';

export function App({ world }: { world: WorldView }): VNode {
  const people = world.people.filter(({ kind }) => kind !== 'bot' && kind !== 'deactivated');
  const fallback = people[0]?.id ?? '';
  // Nobody can act as somebody unknown, deactivated, or as the app.
  const readRoute = (): Route => ({
    seats: parseRoute(location.search, fallback).seats.map((seat) =>
      people.some(({ id }) => id === seat.person) ? seat : { person: fallback, location: undefined },
    ),
  });
  const [route, setRoute] = useState<Route>(() => readRoute());
  const [active, setActive] = useState(0);
  const [drawer, setDrawer] = useState<DrawerName | undefined>(undefined);

  useEffect(() => {
    const onBack = () => setRoute(readRoute());
    addEventListener('popstate', onBack);
    return () => removeEventListener('popstate', onBack);
  }, [fallback]);

  const go = useCallback((change: (before: Route) => Route) => {
    setRoute((before) => {
      const after = change(before);
      const address = formatRoute(after);
      if (address !== location.search) history.pushState(null, '', address);
      return after;
    });
  }, []);
  const sit = (index: number, change: (seat: Seat) => Seat) =>
    go(({ seats }) => ({ seats: seats.map((seat, at) => (at === index ? change(seat) : seat)) }));

  // The tools tell the time as the one in front of them does.
  const timeZone = people.find(({ id }) => id === route.seats[active]?.person)?.timeZone ?? 'UTC';
  const isSplit = route.seats.length > 1;
  const toggleSplit = () =>
    go(({ seats }) => {
      const [first] = seats;
      if (isSplit || !first) return { seats: seats.slice(0, 1) };
      const other =
        people.find(({ id, title }) => id !== first.person && /on call/i.test(title)) ??
        people.find(({ id }) => id !== first.person);
      return { seats: [first, { person: other?.id ?? first.person, location: first.location }] };
    });

  return html`<div class=${`app ${isSplit ? 'is-split' : ''} ${drawer ? 'has-drawer' : ''}`}>
    <${TopBar}
      isSplit=${isSplit}
      drawer=${drawer}
      onSplit=${toggleSplit}
      onDrawer=${(name: DrawerName) => setDrawer(drawer === name ? undefined : name)}
    />
    <main class="panes">
      ${route.seats.map(
        (seat, index) => html`<${Pane}
          key=${`${index} ${seat.person}`}
          person=${seat.person}
          location=${seat.location}
          isActive=${active === index || !isSplit}
          onFocus=${() => setActive(index)}
          onPerson=${(person: string) => sit(index, (before) => ({ ...before, person }))}
          onLocation=${(location: Seat['location']) => sit(index, (before) => ({ ...before, location }))}
        />`,
      )}
    </main>
    ${drawer === 'inspector' && html`<${Inspector} timeZone=${timeZone} onClose=${() => setDrawer(undefined)} />`}
    ${drawer === 'world' && html`<${WorldPanel} timeZone=${timeZone} onClose=${() => setDrawer(undefined)} />`}
  </div>`;
}
