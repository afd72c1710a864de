/** What an action would do, computed without touching anything: for people to decide on, and for the guardrails. */
import type { Target } from './action.ts';
import type { ChangeFacts, CostFacts } from './facts.ts';

export interface Preview {
  /** One sentence: "Creates the environment checkout-pr-12 with 2 CPU and 4 GiB for 8h." */
  readonly sentence: string;
  readonly details: readonly { readonly label: string; readonly value: string }[];
  /** What goes out, newest first, for a card to list. */
  readonly commits: readonly PreviewCommit[];
  /** The pull requests that brought them. */
  readonly pulls?: readonly PreviewPull[];
  /** Where all of them can be seen. */
  readonly compareUrl?: string;
  /** Names resolved to what they stand for now (`version` -> a commit): part of the digest, looked at again at start. */
  readonly resolved: Readonly<Record<string, string>>;
  /** What to know before deciding: "1 check is red: e2e." */
  readonly cautions: readonly string[];
  /** Facts only the action can know; `unknown` when they could not be had. */
  readonly change?: SeenChange | 'unknown';
  readonly cost?: CostFacts | 'unknown';
  /** Of several services at once: each is judged by itself, and the strictest word counts. */
  readonly parts?: readonly PreviewPart[];
  /** What people call what stands in a field of the input, where that is only an id: `{ to: 'Olga Petrova' }`. */
  readonly called?: Readonly<Record<string, string>>;
  /** How much longer an environment would live. */
  readonly addedHours?: number;
}

/** `authors`: `unknown` when not all of its commits could be read. */
export type SeenChange = Omit<ChangeFacts, 'authors'> & { readonly authors: readonly string[] | 'unknown' };

interface PreviewCommit {
  readonly sha: string;
  readonly title: string;
  readonly author: string;
  readonly url: string;
}

/** One of the services that a request is about. */
interface PreviewPart {
  readonly target: Target;
  readonly change: SeenChange | 'unknown';
}

interface PreviewPull {
  readonly number: number;
  readonly title: string;
  readonly author: string;
  readonly url: string;
}
