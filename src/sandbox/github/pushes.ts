/** Who is told when a branch moves: whatever in the world watches a repository, as a GitOps controller does. */
import { z } from 'zod';
import type { Repository } from './state.ts';

export interface Push {
  readonly repository: string;
  readonly branch: string;
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
}

export interface Pushes {
  tell(repository: Repository, body: object): void;
  onPush(listener: (push: Push) => void): () => void;
}

const bodySchema = z.object({ ref: z.string(), before: z.string(), after: z.string() });

export function createPushes(): Pushes {
  const listeners = new Set<(push: Push) => void>();
  return {
    tell(repository, body) {
      const { ref, before, after } = bodySchema.parse(body);
      const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
      if (branch === undefined) return;
      const filesAt = (sha: string) => repository.commits.get(sha)?.files ?? new Map<string, string>();
      const push = { repository: repository.name, branch, before: filesAt(before), after: filesAt(after) };
      for (const listener of listeners) listener(push);
    },
    onPush(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
