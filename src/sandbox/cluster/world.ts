/** What every part of the cluster box works on: its objects, its resources, its time and its dice. */

import type { WorldClock } from '../clock.ts';
import { seededDraw } from '../faults.ts';
import type { FailNextResource, PodFailure } from '../world-calls.ts';
import type { Registry } from './registry.ts';
import type { Store } from './store.ts';

export interface ClusterWorld {
  readonly clock: WorldClock;
  readonly registry: Registry;
  readonly store: Store;
  readonly ids: Ids;
  /** Behaviour that control calls have changed. */
  readonly knobs: Knobs;
}

export interface Knobs {
  /** Pods whose creation comes next and that are to fail in this way, by workload name. */
  readonly failNext: Map<string, PodFailure>;
  /** Custom resources that come next and that their operators are to fail at, in the order they were asked for. */
  readonly failNextResources: FailNextResource[];
  /** Namespaces where no Pod can be scheduled. */
  readonly unschedulable: Set<string>;
}

/** How a Pod or a custom resource is told that it must fail; for the latter it is what its operator says. */
export const failureAnnotation = 'sandbox.local/fail';
export const podFailures: readonly PodFailure[] = ['imagepull', 'crash', 'oom', 'unready', 'fail'];

/** Identifiers from a seed: the same run gives the same names. */
export interface Ids {
  uid(): string;
  /** The random end of a generated name. */
  suffix(length?: number): string;
  /** A whole number from 0 up to, not including, `max`. */
  below(max: number): number;
}

/** The letters of generated names: no vowels and no digits that look like letters, as the real server draws them. */
const letters = 'bcdfghjklmnpqrstvwxz2456789';

export function createIds(seed: number): Ids {
  const draw = seededDraw(seed);
  const below = (max: number) => Math.floor(draw() * max);
  const hex = (length: number) => Array.from({ length }, () => below(16).toString(16)).join('');
  return {
    uid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${(8 + below(4)).toString(16)}${hex(3)}-${hex(12)}`,
    suffix: (length = 5) => Array.from({ length }, () => letters[below(letters.length)]).join(''),
    below,
  };
}

/** RFC 3339 in whole seconds, as `metav1.Time` is written. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** RFC 3339 in microseconds, as `metav1.MicroTime` is written. */
export function microTimestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000Z`;
}

/** The letters-only hash that pod templates get. */
export function templateHash(text: string): string {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return [...String(hash)].map((digit) => letters[Number(digit) + 10]).join('');
}
