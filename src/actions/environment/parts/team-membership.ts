/**
 * A place in a GitHub team for as long as the environment lives. Whoever was in the team before stays in it: that they
 * were not is written down before they are added. Two environments of one person lend the same place; it is given
 * back when the last of them ends, and by both where they end at once.
 */
import { z } from 'zod';
import type { StepContext, StepOutcome, StepResult } from '../../../core/action.ts';
import { githubLoginOf } from '../../../core/catalog.ts';
import { ProblemError, problem } from '../../../core/problem.ts';
import { foundNone, hadFoundNone, type PartBuilder, settingsOf } from './part.ts';
import { loanSchema, otherLoans } from './place-loans.ts';

const title = 'Team membership';

const slug = z.string().regex(/^[\w.-]+$/, 'write it as in its address');
const settingsSchema = z.strictObject({ organisation: slug, team: slug });
type Settings = z.infer<typeof settingsSchema>;

export const teamMembership: PartBuilder = {
  title,
  liesIn: 'elsewhere',

  allow(order, { lends }) {
    const { organisation, team } = settingsOf(settingsSchema, title, order);
    if (!lends.includes(`${organisation}/${team}`)) throw notLent(organisation, team);
  },

  step(order) {
    const settings = settingsOf(settingsSchema, title, order);
    const { organisation, team } = settings;
    return {
      id: order.id,
      title: `${title} in ${team}`,
      async do(_asked, context) {
        // Whoever writes a blueprint could otherwise make themselves a member of any team.
        teamMembership.allow?.(order, context.catalog.environments);
        const login = loginOf(context);
        const place = await context.forge.teamPlace(organisation, team, login);
        const wasOutside = await hadFoundNone(order.id, context);
        if (place !== 'none') {
          const isLent = wasOutside || (await otherLoans({ ...settings, login }, context)).length > 0;
          return done(login, isLent ? 'yes' : 'no', `${login} is in ${team}`);
        }
        if (!wasOutside) return foundNone(`${login} is not in ${team} yet`);
        const now = await context.forge.addToTeam(organisation, team, login);
        const note = now === 'invited' ? `${login} is invited to ${organisation}` : `${login} is in ${team}`;
        return done(login, 'yes', note);
      },
      async undo(_asked, context) {
        const result = loanSchema.safeParse(context.results[order.id]).data;
        const isLent = result ? result.lent === 'yes' : await hadFoundNone(order.id, context);
        // The catalog may name another login by now: that one was given nothing.
        return isLent ? giveBack(settings, result?.login ?? loginOf(context), context) : kept;
      },
    };
  },

  async remove(part, _environment, context) {
    const { login, lent } = loanSchema.parse(part.result);
    return lent === 'yes' ? giveBack(settingsOf(settingsSchema, title, part), login, context) : kept;
  },
};

const kept: StepOutcome = { state: 'done', note: 'they were in the team before' };

function done(login: string, lent: 'yes' | 'no', note: string): StepOutcome {
  const result: StepResult = { login, lent };
  return { state: 'done', result, note };
}

async function giveBack(settings: Settings, login: string, context: StepContext): Promise<StepOutcome> {
  const { organisation, team } = settings;
  // Each of two that end at once would leave it to the other; to give it back twice does no harm.
  const other = (await otherLoans({ ...settings, login }, context)).find(({ isEnding }) => !isEnding);
  if (other) return { state: 'done', note: `${login} stays in ${team} for ${other.environment}` };
  await context.forge.removeFromTeam(organisation, team, login);
  return { state: 'done', note: `${login} has left ${team}` };
}

function notLent(organisation: string, team: string): ProblemError {
  return new ProblemError(
    problem(
      'denied_by_policy',
      `No blueprint may lend a place in the team ${organisation}/${team}.`,
      'The platform team can allow it: `environments.lends` in catalog.yml.',
    ),
  );
}

/** @throws ProblemError `not_found` when nobody has said who they are at GitHub. */
function loginOf({ catalog, requester }: StepContext): string {
  const login = githubLoginOf(catalog, requester.email);
  if (login !== undefined) return login;
  throw new ProblemError(
    problem(
      'not_found',
      `Nobody has told Greenlight who ${requester.name} is at GitHub.`,
      'Ask the platform team to add the login under `people` in catalog.yml, then ask again.',
    ),
  );
}
