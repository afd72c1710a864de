/** Every call to a box and every envelope from it, as they happen. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { controlRoutes, type JournalEntry } from '../../protocol.ts';
import { openFeed } from '../data/feed.ts';
import { html, type VNode } from '../html.ts';
import { Drawer } from './drawer.ts';
import { JournalRow } from './journal-row.ts';
import { isProblem } from './problem.ts';

/** More would only make the browser slow; the box keeps them anyway. */
const entriesShownMax = 500;
const filters = ['all', 'slack', 'github', 'cluster', 'prometheus', 'problems'] as const;
type Filter = (typeof filters)[number];

export function Inspector({ timeZone, onClose }: { timeZone: string; onClose: () => void }): VNode {
  const [entries, setEntries] = useState<readonly JournalEntry[]>([]);
  const [filter, setFilter] = useState<Filter>('all');
  const [query, setQuery] = useState('');
  const [isPaused, setIsPaused] = useState(false);
  const [clearedUpTo, setClearedUpTo] = useState(0);
  const paused = useRef(false);
  paused.current = isPaused;

  useEffect(() => {
    const feed = openFeed(`${controlRoutes.journalFeed}?since=0`, {
      onLive: () => {},
      onData: (data) => {
        const entry = data as JournalEntry;
        if (paused.current) return;
        setEntries((before) => {
          // After a restart of the sandbox the numbers begin again, and the old entries tell of another world.
          const isNewWorld = entry.id <= (before.at(-1)?.id ?? 0);
          return [...(isNewWorld ? [] : before), entry].slice(-entriesShownMax);
        });
      },
    });
    return () => feed.close();
  }, []);

  const shown = useMemo(() => {
    const wanted = query.trim().toLowerCase();
    return entries
      .filter((entry) => entry.id > clearedUpTo && matches(entry, filter))
      .filter((entry) => wanted === '' || JSON.stringify(entry).toLowerCase().includes(wanted))
      .reverse();
  }, [entries, filter, query, clearedUpTo]);

  return html`<${Drawer} title="Inspector" note="Every envelope and API call, newest first" onClose=${onClose}>
    <div class="drawer-tools">
      <input type="search" class="input" placeholder="Filter by method, outcome or content" aria-label="Filter the journal" value=${query} onInput=${(event: Event) => setQuery((event.currentTarget as HTMLInputElement).value)} />
      <div class="segments" role="group" aria-label="What to show">
        ${filters.map((name) => html`<button type="button" key=${name} aria-pressed=${filter === name} onClick=${() => setFilter(name)}>${name}</button>`)}
      </div>
      <div class="drawer-row">
        <span class="drawer-count" role="status">${shown.length} ${shown.length === 1 ? 'entry' : 'entries'}</span>
        <button type="button" class="button button-small" aria-pressed=${isPaused} onClick=${() => setIsPaused(!isPaused)}>${isPaused ? 'Go on' : 'Pause'}</button>
        <button type="button" class="button button-small" onClick=${() => setClearedUpTo(entries.at(-1)?.id ?? 0)}>Clear</button>
      </div>
    </div>
    <div class="journal" role="list" aria-label="Journal">
      ${shown.map((entry) => html`<${JournalRow} key=${entry.id} entry=${entry} timeZone=${timeZone} />`)}
      ${shown.length === 0 && html`<p class="empty">Nothing yet. Use the app, and every step shows up here.</p>`}
    </div>
  </${Drawer}>`;
}

function matches(entry: JournalEntry, filter: Filter): boolean {
  if (filter === 'all') return true;
  return filter === 'problems' ? isProblem(entry) : entry.box === filter;
}
