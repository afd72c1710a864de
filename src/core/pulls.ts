/** Pull requests, as deploys need them: what went into a version, and a version that goes out by one. */
import type { BeforeWrite } from './before-write.ts';
import type { YamlPlace } from './deploy-strategy.ts';

/** A pull request that was merged, as it brought a commit. */
export interface MergedPull {
  readonly number: number;
  readonly title: string;
  readonly author: string;
  readonly url: string;
  /** The commit that its merge made. */
  readonly sha: string;
}

export interface Pull {
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly headSha: string;
  /** The branch that it would be merged into. */
  readonly baseRef: string;
  /** `unknown` while GitHub still works it out. */
  readonly mergeable: 'yes' | 'no' | 'unknown';
  /** With `merged`: the commit on the base branch. */
  readonly mergeSha?: string;
}

/** One value in one YAML file of a branch. */
export interface YamlValue {
  readonly repository: string;
  /** The branch that it is read from and proposed to. */
  readonly base: string;
  readonly file: string;
  readonly at: YamlPlace;
}

export interface Pulls {
  /** Recently merged ones whose merge made one of these commits. */
  mergedPulls(repository: string, shas: readonly string[]): Promise<readonly MergedPull[]>;
  /** @throws ProblemError `not_found` when there is no such file, or nothing at that place of it. */
  readYaml(value: YamlValue): Promise<string>;
  /**
   * Changes this one value, and nothing else in the file, on a branch of its own, and opens a pull request for it. Safe
   * to repeat: what an earlier attempt made under this branch's name is found. `undefined`: the base says so already.
   * @throws ProblemError `conflict` when somebody else has put more into that branch.
   */
  propose(
    order: YamlValue & {
      readonly value: string;
      readonly branch: string;
      readonly title: string;
      readonly body: string;
    },
    beforeWrite?: BeforeWrite,
  ): Promise<Pull | undefined>;
  /** The newest one from this branch, whatever became of it. */
  findPull(repository: string, branch: string): Promise<Pull | undefined>;
  pull(repository: string, number: number): Promise<Pull>;
  /**
   * Merges it if its head is still this commit.
   * @throws ProblemError `conflict` when somebody has pushed to it since.
   */
  merge(order: {
    readonly repository: string;
    readonly number: number;
    readonly headSha: string;
  }): Promise<{ readonly state: 'merged' } | { readonly state: 'refused'; readonly why: string }>;
  /** Closes what is open from this branch, and deletes the branch. Safe to repeat. */
  withdraw(repository: string, branch: string, beforeWrite?: BeforeWrite): Promise<void>;
}
