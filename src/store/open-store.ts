/** The database that the settings name: a file of this machine, or a PostgreSQL that several replicas share. */
import type { AuditStore } from '../core/audit.ts';
import type { Problem } from '../core/problem.ts';
import type { Store } from '../core/store.ts';

export type DatabasePlace =
  | { readonly file: string }
  /** With a password in it: it prints as nothing (secret.ts). */
  | { readonly url: { reveal(): string } };

export interface OpenOptions {
  /** For commands beside a bot that runs: it must be there, with this code's schema, and stays as it is. */
  readonly isReadOnly?: true;
  /** Somebody else, like a backup, is in the way of a PostgreSQL's new schema: it is tried again soon. */
  heldUp?(): void;
  /** The disk below a file can no longer be believed: every write is refused until a new start. */
  diskFailed?(cause: Problem): void;
}

/**
 * Brings it to this code's schema.
 * @throws ProblemError when it cannot be opened or reached, or when a newer Greenlight wrote it.
 */
export async function openStore(
  place: DatabasePlace,
  options: OpenOptions = {},
): Promise<Store & AuditStore> {
  // The driver of the other one is never loaded.
  if ('file' in place) {
    const { openSqliteStore } = await import('./sqlite.ts');
    return openSqliteStore({ file: place.file, ...options });
  }
  const { openPostgresStore } = await import('./postgres.ts');
  return openPostgresStore({ url: place.url.reveal(), ...options });
}
