/** Where secret values are kept, as far as Greenlight may know of it: it hands out a way in and never sees a value. */
import type { Moment } from './ids.ts';

/** Whoever has it opens the secret once; after that, and after `expiresAt`, it opens nothing. */
export interface OneTimeLink {
  /** A secret itself: for the person who asked, never for a log, an event or a channel. */
  readonly token: string;
  /** Where it is opened in a browser. */
  readonly url: string;
  /** The same in a terminal, with the token in it. */
  readonly command: string;
  readonly expiresAt: Moment;
}

export interface SecretStore {
  /**
   * @param path what to open, below the store's own place for environments: `checkout-pr-12/database`.
   * @throws ProblemError `not_found` when nothing is kept there, `outside_refused` when it is not opened for us.
   */
  oneTimeLink(path: string, ttlMs: number): Promise<OneTimeLink>;
}
