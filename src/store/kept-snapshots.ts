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

export interface KeptOptions {
  /** How many are kept. All that is open in a large company: some 15 kB each, 30 MB when there are as many. */
  readonly keptMax?: number;
  /** From 0 to 1: which one makes room. */
  draw?(): number;
}

/** Reads as `readRequest` does; what it gives is shared, and nobody's to change. */
export function createSnapshotReader({
  keptMax = 2_000,
  draw = Math.random,
}: KeptOptions = {}): (row: SnapshotRow) => PlatformRequest {
  const kept = new Map<number, { readonly row: SnapshotRow; readonly request: PlatformRequest }>();
  const numbers: number[] = [];

  /** Drawn: a list that is longer than what is kept would find nothing of itself if the oldest one made room. */
  function makeRoomFor(number: number): void {
    const place = numbers.length < keptMax ? numbers.length : Math.floor(draw() * keptMax);
    kept.delete(numbers[place] ?? number);
    numbers[place] = number;
  }

  return (row) => {
    const { number, version, snapshot } = row;
    const known = kept.get(number);
    if (known && known.row.version === version && known.row.snapshot === snapshot) return known.request;
    const request = readRequest({ number, version, snapshot });
    if (!known) makeRoomFor(number);
    kept.set(number, { row: { number, version, snapshot }, request });
    return request;
  };
}
