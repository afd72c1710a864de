/** What a deleted object still waits for, in words. Pure. */
import { listOf } from '../../core/text.ts';
import type { AnyObject } from './shapes.ts';

/**
 * A namespace says it in its conditions; everything else in its finalizers: names of those who must finish first.
 */
export function waitsFor(object: AnyObject): string {
  const held = object.status?.conditions ?? [];
  const messages = namespaceConditions
    .map((type) => held.find((condition) => condition.type === type && condition.status === 'True'))
    .map((condition) => (condition?.message ?? '').replace(/\.$/, ''))
    .filter(Boolean);
  if (messages.length > 0) return messages.join('; ');
  if (object.kind === 'Namespace' && object.metadata.finalizers.length === 0)
    return 'its contents are being deleted';

  const finalizers = object.metadata.finalizers.map((name) => ownFinalizers[name] ?? name);
  if (finalizers.length === 0) return 'it is being shut down';
  const isOwnOnly = object.metadata.finalizers.every((name) => name in ownFinalizers);
  if (isOwnOnly) return listOf(finalizers);
  return `the ${finalizers.length === 1 ? 'finalizer' : 'finalizers'} ${listOf(finalizers)}`;
}

/** In the order in which they help: failures first, then what remains. */
const namespaceConditions = [
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
  'NamespaceDeletionContentFailure',
  'NamespaceFinalizersRemaining',
  'NamespaceContentRemaining',
];

/** Finalizers that Kubernetes itself takes away. */
const ownFinalizers: Readonly<Record<string, string>> = {
  foregroundDeletion: 'what it owns is being deleted first',
  orphan: 'what it owns is being let go first',
  'kubernetes.io/pvc-protection': 'a Pod still uses it',
  'kubernetes.io/pv-protection': 'a claim still uses it',
};
