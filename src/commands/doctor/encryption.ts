/** Whether somebody on the way to the database could read what goes there, or change it. */
import type { DatabasePlace } from '../../store/open-store.ts';
import { wayTo } from '../../store/postgres-pool.ts';
import { type Finding, warning, well } from './finding.ts';

/** Nothing of an address that is none: whoever connects to it says so. */
export function checkEncryption(place: DatabasePlace): readonly Finding[] {
  if (!('url' in place)) return [];
  const url = place.url.reveal();
  const way = wayTo(url);
  if (!way) return [];
  if (way.isEncrypted) return [well('encryption', 'The connection to the database is encrypted.')];
  if (way.isLocal) return [well('encryption', 'The connection to the database stays on this machine.')];
  return [
    warning(
      'encryption',
      'The database is on another machine, and the connection to it is not encrypted: whoever is on the way can read and change what is kept.',
      `In its address (DATABASE_URL) ${edit(url)}; \`&sslrootcert=/path/to/ca.pem\` too where its certificate is of your own authority.`,
    ),
  ];
}

/** What to write, without a word of what is there. */
function edit(url: string): string {
  if (/[?&]sslmode=/.test(url)) return 'write `sslmode=verify-full` for its sslmode';
  return `add \`${url.includes('?') ? '&' : '?'}sslmode=verify-full\` to its end`;
}
