/** Deployment environments of a repository, and people's places in teams, as far as an environment on request has them. */
import type { BeforeWrite } from './before-write.ts';
import type { Moment } from './ids.ts';

export interface ForgeEnvironment {
  readonly name: string;
  readonly url: string;
  readonly createdAt: Moment;
  /** Whose request made it; empty when it carries no mark of ours. */
  readonly mark: string;
}

export interface ForgeEnvironments {
  /** `undefined` when the repository has none of that name. */
  environment(repository: string, name: string): Promise<ForgeEnvironment | undefined>;
  /**
   * Makes it, or gives one that is there its reviewers, and puts our mark on it. GitHub has no way to make one only
   * where there is none: whoever calls has looked before.
   * @throws ProblemError `not_found` for a reviewing team that does not exist.
   */
  makeEnvironment(
    order: {
      readonly repository: string;
      readonly name: string;
      readonly mark: string;
      /** Slugs of teams of the repository's organisation, at most six; nobody is asked when there are none. */
      readonly reviewerTeams: readonly string[];
    },
    beforeWrite?: BeforeWrite,
  ): Promise<void>;
  /** Safe to repeat. What was deployed to it stays recorded. */
  removeEnvironment(repository: string, name: string): Promise<void>;
}

/** Somebody's place in a team. `invited` once they have been asked and have not said yes. */
export type TeamPlace = 'none' | 'member' | 'maintainer' | 'invited';

export interface ForgeTeams {
  /** @throws ProblemError `not_found` when GitHub shows neither such a team nor such a person. */
  teamPlace(organisation: string, team: string, login: string): Promise<TeamPlace>;
  /** As an ordinary member; whoever is not in the organisation is invited. */
  addToTeam(organisation: string, team: string, login: string): Promise<TeamPlace>;
  /** Safe to repeat. */
  removeFromTeam(organisation: string, team: string, login: string): Promise<void>;
}
