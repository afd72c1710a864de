/** What a wish for an environment is about, and everything that can be wrong with it before anybody is asked. */
import type { Target, TargetContext } from '../../core/action.ts';
import { dayMs, parseDuration } from '../../core/duration.ts';
import { ok, type Problem, problem, type Result, refuse } from '../../core/problem.ts';
import { didYouMean, listOf } from '../../core/text.ts';
import type { Input } from './create-input.ts';

export function createTarget(
  asked: Input,
  { catalog, requesterGroups, environments }: TargetContext,
): Result<Target> {
  const blueprint = catalog.blueprints[asked.blueprint];
  if (!blueprint) {
    const names = Object.keys(catalog.blueprints);
    return refuse(
      badField(
        'blueprint',
        `There is no blueprint "${asked.blueprint}".${didYouMean(asked.blueprint, names)}`,
        `Choose ${listOf(names, 'or')}.`,
      ),
    );
  }
  if (blueprint.inputs.obstacle !== undefined) {
    return refuse(badField('blueprint', blueprint.inputs.obstacle, 'Choose another blueprint.'));
  }
  const checked = blueprint.inputs.check(asked.values);
  if (!checked.ok) return checked;
  const longest = parseDuration(catalog.environments.ttl.max) ?? dayMs;
  if ((parseDuration(asked.ttl) ?? 0) > longest) {
    return refuse(
      badField(
        'ttl',
        `An environment lives ${catalog.environments.ttl.max} at most.`,
        'Choose a shorter time; it can be asked for again.',
      ),
    );
  }
  const taken = environments.find((one) => one.name === asked.name);
  if (taken) {
    return refuse(
      badField(
        'name',
        `There is an environment "${asked.name}" already (${taken.requestId}).`,
        'Choose another name, or destroy that one first.',
      ),
    );
  }
  const mine = catalog.environments.teams.filter((team) => requesterGroups.includes(team));
  const team = asked.team ?? mine[0];
  if (team === undefined || !mine.includes(team)) {
    const sentence =
      asked.team === undefined
        ? 'You are in no team that may have environments.'
        : `You are not in the team "${asked.team}".`;
    return refuse(
      badField(
        'team',
        sentence,
        mine.length > 0 ? `Choose ${listOf(mine, 'or')}.` : 'Ask the platform team to add you to one.',
      ),
    );
  }
  return ok({ kind: 'environment', name: asked.name, tier: 'dev', team });
}

function badField(field: string, sentence: string, next: string): Problem {
  return problem('bad_input', sentence, next, { fields: { [field]: `${sentence} ${next}` } });
}
