/** Where elements stand (a message, a modal, Home): what they are set to, and text still being typed into them. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Place, StateValues } from '../../protocol.ts';

export interface Surface {
  readonly place: Place;
  /** As the box knows it. Messages have none: there an element remembers by itself. */
  readonly state: StateValues;
  /** Per block id. */
  readonly errors: Readonly<Record<string, string>>;
  /** Text that was typed but not yet sent; a form sends it before it is submitted. */
  readonly unsent: UnsentTexts;
}

export interface UnsentTexts {
  /** Registers a field's way to send what it still holds; answers how to leave again. */
  join(send: () => Promise<unknown>): () => void;
  sendAll(): Promise<void>;
}

const SurfaceContext = createContext<Surface | undefined>(undefined);
export const SurfaceProvider = SurfaceContext.Provider;

/** @throws Error outside of a surface: a mistake of ours. */
export function useSurface(): Surface {
  const surface = useContext(SurfaceContext);
  if (!surface) throw new Error('Block Kit elements belong inside a surface.');
  return surface;
}

export function createUnsentTexts(): UnsentTexts {
  const senders = new Set<() => Promise<unknown>>();
  return {
    join(send) {
      senders.add(send);
      return () => {
        senders.delete(send);
      };
    },
    async sendAll() {
      await Promise.all([...senders].map((send) => send()));
    },
  };
}
