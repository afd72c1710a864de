/** What is recorded beside what is there. Pure. */
import type { Manifest } from './cluster.ts';
import type { EnvironmentRecord } from './environment-record.ts';

export interface Comparison {
  /** Recorded as living, and not among what was listed: to be looked at once more before it is called gone. */
  readonly missing: readonly EnvironmentRecord[];
  /** There with our labels, and made by no request that knows of it. */
  readonly unknown: readonly UnknownNamespace[];
}

export interface UnknownNamespace {
  readonly namespace: string;
  /** The request that its labels name, `REQ-12`: it may have ended, or belong to another Greenlight. */
  readonly request: string;
}

/** What every namespace that we made carries. */
export const namespaceLabels = { 'app.kubernetes.io/managed-by': 'greenlight' };

/** `found`: the namespaces of one cluster that carry our labels, listed before `records` were read. */
export function compareEnvironments(
  cluster: string,
  records: readonly EnvironmentRecord[],
  found: readonly Manifest[],
): Comparison {
  const names = new Set(found.map((one) => one.metadata.name));
  const living = records.flatMap((record) =>
    record.living?.cluster === cluster ? [{ record, namespace: record.living.namespace }] : [],
  );
  const known = new Set(living.map((one) => one.namespace));
  // One that is being made, or taken back, is named by its label before any record knows its namespace.
  const coming = new Set(records.map((one) => one.requestId as string));
  return {
    missing: living.filter((one) => !names.has(one.namespace)).map((one) => one.record),
    unknown: found
      .filter((one) => !('deletionTimestamp' in one.metadata) && !known.has(one.metadata.name))
      .map((one) => ({ namespace: one.metadata.name, request: requestIn(one) }))
      .filter(({ request }) => !coming.has(request)),
  };
}

/** The request that a namespace says it was made for: `REQ-12` of the label `REQ-12-m3k9x1f`; empty without one. */
export function requestIn({ metadata: { labels = {} } }: Manifest): string {
  return labels['greenlight.dev/request']?.replace(/-[^-]+$/, '') ?? '';
}
