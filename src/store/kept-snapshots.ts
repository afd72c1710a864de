/**
 * Requests as they were read last: of one that comes by several times within a moment, reading it once is enough. What
 * counts is the row's own text, letter by letter, so neither another replica nor a damaged row is ever overlooked.
 */
import type { PlatformRequest } from '../core/request.ts';
import { readRequest } from './request-rows.ts';

interface SnapshotRow {
  readonly number: number;
  readonly version: number;
  readonly snapshot: string;
}

/** How many are kept: those of a burst, some 15 kB each. */
const keptMax = 400;

/** Reads as `readRequest` does; what it gives is shared, and nobody's to change. */
export function createSnapshotReader(): (row: SnapshotRow) => PlatformRequest {
  const kept = new Map<number, { readonly row: SnapshotRow; readonly request: PlatformRequest }>();
  return (row) => {
    const { number, version, snapshot } = row;
    const known = kept.get(number);
    if (known && known.row.version === version && known.row.snapshot === snapshot) return known.request;
    const request = readRequest({ number, version, snapshot });
    kept.delete(number);
    kept.set(number, { row: { number, version, snapshot }, request });
    const [oldest = number] = kept.keys();
    if (kept.size > keptMax) kept.delete(oldest);
    return request;
  };
}
