/** What everything inside one person's pane can reach: who is looking, at what, and the way to act. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ChannelView, Outcome, Person, PersonCommand, PersonView } from '../../protocol.ts';

/** Where a person can be: a channel (perhaps with a thread open) or the app's Home tab. */
export type Location =
  | {
      readonly channel: string;
      readonly thread?: string;
      /** A message to look at, when a link led here. */
      readonly at?: string;
    }
  | { readonly home: true };

export interface ActOptions {
  readonly quiet?: boolean;
  /** Told when a confirm dialog asks the person (`true`) and when it was answered. */
  readonly onAsking?: (isAsking: boolean) => void;
}

export interface Screen {
  readonly view: PersonView;
  /** Whether what we show is live; when not, nothing can be done. */
  readonly isLive: boolean;
  person(id: string): Person | undefined;
  channel(id: string): ChannelView | undefined;
  /** Milliseconds since the epoch, in the sandbox's time. */
  now(): number;
  goTo(location: Location): void;
  /** Does it as this person. A failure is also told in a toast, unless `quiet`. */
  act(command: PersonCommand, options?: ActOptions): Promise<Outcome>;
  /** Says something in passing. */
  toast(text: string, tone?: 'plain' | 'problem'): void;
}

const ScreenContext = createContext<Screen | undefined>(undefined);
export const ScreenProvider = ScreenContext.Provider;

/** @throws Error when used outside of a pane: a mistake of ours. */
export function useScreen(): Screen {
  const screen = useContext(ScreenContext);
  if (!screen) throw new Error('This part of the page belongs inside a pane.');
  return screen;
}
