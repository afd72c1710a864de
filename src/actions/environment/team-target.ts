/** What a look at environments is about: those of one team, or all. */
import type { Target } from '../../core/action.ts';
import type { Catalog } from '../../core/catalog.ts';
import { ok, problem, type Result, refuse } from '../../core/problem.ts';
import { didYouMean, listOf } from '../../core/text.ts';

/** Refused at the field `team` for one that has no environments. */
export function teamTarget(team: string | undefined, { environments: { teams } }: Catalog): Result<Target> {
  if (team !== undefined && !teams.includes(team)) {
    const sentence = `There is no team "${team}" with environments.${didYouMean(team, teams)}`;
    return refuse(
      problem('bad_input', sentence, `Choose ${listOf(teams, 'or')}.`, { fields: { team: sentence } }),
    );
  }
  return ok({ kind: 'environment', name: team ?? 'all', tier: 'dev', team: team ?? '' });
}
