/** The hash chain: each entry holds the hash of the one before, so that no entry can be changed, left out or moved alone. Pure. */
import type { AuditEntry, AuditLink, AuditSource } from '../core/audit.ts';
import { canonicalText, sha256 } from './canonical.ts';
import { openPart } from './open-part.ts';

/** What the first entry holds in place of the hash of the one before. */
export const beginning = '0'.repeat(64);

/** The hash and position of the newest entry. */
export interface Head {
  readonly position: number;
  readonly hash: string;
}

/**
 * The entry that follows `head`.
 * @param salt 32 hex digits that nobody can guess: without them a redacted body could be found by trying likely ones.
 */
export function nextEntry(head: Head, source: AuditSource, salt: string): AuditEntry {
  const { body, ...said } = source;
  const link: AuditLink = {
    ...said,
    form: 1,
    position: head.position + 1,
    previous: head.hash,
    open: openHash(body),
    seal: sealOf(salt, canonicalText(body)),
  };
  return { link, hash: linkHash(canonicalText(link)), salt, body };
}

/** Both as canonical text. */
export function sealOf(salt: string, body: string): string {
  return sha256(salt + body);
}

export function openHash(body: unknown): string {
  return sha256(canonicalText(openPart(body)));
}

export function linkHash(link: string): string {
  return sha256(link);
}
