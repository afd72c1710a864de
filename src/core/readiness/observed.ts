/**
 * What a Kubernetes object says of itself, read leniently: it was written by whatever operator is installed, so every
 * field may be missing or of another type than its documentation says. Pure.
 */
import type { Manifest } from '../cluster.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface Condition {
  readonly type: string;
  /** Anything but `True` and `False` means that its controller does not know yet. */
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration: number | undefined;
}

export interface Observed {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly annotations: Fields;
  readonly isBeingRemoved: boolean;
  readonly generation: number;
  /** The generation that the whole status is about; `undefined` when it does not tell. */
  readonly observedGeneration: number | undefined;
  readonly conditions: readonly Condition[];
  readonly spec: Fields;
  readonly status: Fields;
}

export function observe(manifest: Manifest): Observed {
  const metadata = fields(manifest.metadata);
  const status = fields(manifest.status);
  const generation = numberIn(metadata.generation) ?? 0;
  const annotations = fields(metadata.annotations);
  return {
    group: manifest.apiVersion.slice(0, Math.max(0, manifest.apiVersion.indexOf('/'))),
    kind: manifest.kind,
    name: manifest.metadata.name,
    annotations,
    isBeingRemoved: metadata.deletionTimestamp !== undefined,
    generation,
    observedGeneration: numberIn(status.observedGeneration),
    conditions: [
      ...items(status.conditions).map(condition),
      ...nested(status, generation),
      // autoscaling/v1 has no field for them.
      ...items(parsed(annotations['autoscaling.alpha.kubernetes.io/conditions'])).map(condition),
    ],
    spec: fields(manifest.spec),
    status,
  };
}

/** An object's fields, or none. */
export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The objects of a list, or none. */
export function items(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

/** A text, or the empty one. */
export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Argo's Rollout writes generations as text, and once wrote hashes there, which are no numbers. */
export function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function condition(raw: Fields): Condition {
  return {
    type: textIn(raw.type),
    status: raw.status === 'True' || raw.status === 'False' ? raw.status : 'Unknown',
    reason: textIn(raw.reason),
    message: textIn(raw.message),
    observedGeneration: numberIn(raw.observedGeneration),
  };
}

/** The Gateway API reports by listener and by parent; what speaks of a former generation is left behind there for good. */
function nested(status: Fields, generation: number): Condition[] {
  return [...items(status.listeners), ...items(status.parents)]
    .flatMap((part) => items(part.conditions).map(condition))
    .filter((one) => (one.observedGeneration ?? generation) >= generation);
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(textIn(text));
  } catch {
    return undefined;
  }
}
