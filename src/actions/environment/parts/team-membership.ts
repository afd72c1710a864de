/**
 * A place in a GitHub team for as long as the environment lives. Whoever was in the team before stays in it: that they
 * were not is written down before they are added. Two environments of one person lend the same place; it is given
 * back when the last of them ends.
 */
import { z } from 'zod';
import type { StepContext, StepOutcome, StepResult } from '../../../core/action.ts';
import type { MadePart } from '../../../core/blueprint.ts';
import { githubLoginOf } from '../../../core/catalog.ts';
import { ProblemError, problem } from '../../../core/problem.ts';
import { foundNone, hadFoundNone, type PartBuilder, settingsOf } from './part.ts';

const title = 'Team membership';

const slug = z.string().regex(/^[\w.-]+$/, 'write it as in its address');
const settingsSchema = z.strictObject({ organisation: slug, team: slug });
type Settings = z.infer<typeof settingsSchema>;

/** `lent`: `yes` when the place is ours to take back. */
const resultSchema = z.object({ login: z.string(), lent: z.enum(['yes', 'no']) });

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
          const isLent = wasOutside || (await lentByOthers(settings, login, context)).length > 0;
          return done(login, isLent ? 'yes' : 'no', `${login} is in ${team}`);
        }
        if (!wasOutside) return foundNone(`${login} is not in ${team} yet`);
        const now = await context.forge.addToTeam(organisation, team, login);
        const note = now === 'invited' ? `${login} is invited to ${organisation}` : `${login} is in ${team}`;
        return done(login, 'yes', note);
      },
      async undo(_asked, context) {
        const result = resultSchema.safeParse(context.results[order.id]).data;
        const isLent = result ? result.lent === 'yes' : await hadFoundNone(order.id, context);
        return isLent ? giveBack(settings, loginOf(context), context) : kept;
      },
    };
  },

  async remove(part, _environment, context) {
    const { login, lent } = resultSchema.parse(part.result);
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
  const [other] = await lentByOthers(settings, login, context);
  if (other !== undefined) return { state: 'done', note: `${login} stays in ${team} for ${other}` };
  await context.forge.removeFromTeam(organisation, team, login);
  return { state: 'done', note: `${login} has left ${team}` };
}

/** Names of other living environments for which the same person has the same place. */
async function lentByOthers(
  { organisation, team }: Settings,
  login: string,
  context: StepContext,
): Promise<readonly string[]> {
  const isSame = ({ kind, settings, result }: MadePart) =>
    kind === 'team-membership' &&
    settings.organisation === organisation &&
    settings.team === team &&
    result.login === login &&
    result.lent === 'yes';
  const { id, target } = context.request;
  return (await context.environments())
    .filter((one) => one.requestId !== id && one.name !== target.name)
    .filter(({ parts = [] }) => parts.some(isSame))
    .map(({ name }) => name);
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
