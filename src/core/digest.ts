/** The canonical hash of a value: the same value gives the same text, whatever the order of its keys. */
import { createHash } from 'node:crypto';

/** SHA-256 of the canonical JSON (RFC 8785's key order), in lower-case hex. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** JSON with keys sorted by UTF-16 code units and without `undefined`. Takes what JSON can hold. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    const entries = Object.entries(inner).filter(([, one]) => one !== undefined);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
