/** What a story looks at behind the scenes. */
import type { Stage } from './stage.ts';

export function isThere(stage: Stage, namespace: string): boolean {
  return (
    stage.world.cluster.control.read({ apiVersion: 'v1', kind: 'Namespace', name: namespace }) !== undefined
  );
}
