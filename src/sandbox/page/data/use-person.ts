/** One person's live view. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { applyPatch, controlRoutes, type FeedPatch, type PersonView } from '../../protocol.ts';
import { openFeed } from './feed.ts';

export interface PersonFeed {
  /** The last view we have, also while the sandbox is away. */
  readonly view: PersonView | undefined;
  readonly isLive: boolean;
  /** The sandbox's time, running on between two words from it. */
  now(): number;
}

export function usePerson(id: string): PersonFeed {
  const [state, setState] = useState<{ id: string; view: PersonView } | undefined>(undefined);
  const [isLive, setIsLive] = useState(true);
  // The sandbox's clock minus ours: it tells the time only when it changes.
  const clockAheadMs = useRef(0);

  useEffect(() => {
    const feed = openFeed(`${controlRoutes.feed}?person=${encodeURIComponent(id)}`, {
      onLive: setIsLive,
      onData: (data) => {
        const patch = data as FeedPatch;
        if (patch.kind === 'view') clockAheadMs.current = patch.view.clock.now - Date.now();
        if (patch.kind === 'clock') clockAheadMs.current = patch.clock.now - Date.now();
        setState((before) => {
          if (patch.kind === 'view') return { id, view: patch.view };
          return before?.id === id ? { id, view: applyPatch(before.view, patch) } : before;
        });
      },
    });
    return () => feed.close();
  }, [id]);

  return {
    view: state?.id === id ? state.view : undefined,
    isLive,
    now: () => Date.now() + clockAheadMs.current,
  };
}
