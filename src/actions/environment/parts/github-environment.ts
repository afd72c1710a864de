/** A deployment environment at GitHub, with our mark: workflows can name it, and its page shows what went there. */
import { z } from 'zod';
import type { StepContext, StepOutcome } from '../../../core/action.ts';
import { ProblemError, problem } from '../../../core/problem.ts';
import { foundNone, hadFoundNone, type PartBuilder, settingsOf } from './part.ts';

const title = 'GitHub environment';

const settingsSchema = z.strictObject({
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'write owner/name'),
  /** Of the environment at GitHub. */
  name: z.string().min(1).max(255),
  /** Slugs of teams that must say yes before a run may use it; GitHub takes six. */
  reviewers: z.array(z.string().min(1)).max(6).default([]),
});
type Settings = z.infer<typeof settingsSchema>;

export const githubEnvironment: PartBuilder = {
  title,
  liesIn: 'elsewhere',

  step(order) {
    const settings = settingsOf(settingsSchema, title, order);
    const { repository, name, reviewers } = settings;
    return {
      id: order.id,
      title: `${title} ${name}`,
      async do(_asked, context) {
        const { forge, request } = context;
        const found = await forge.environment(repository, name);
        const isNew = await hadFoundNone(order.id, context);
        if (!found && !isNew) return foundNone(`${repository} has no environment ${name} yet`);
        const done: StepOutcome = {
          state: 'done',
          note: `${repository}: ${name}`,
          result: { mark: request.key },
        };
        if (found?.mark === request.key) return done;
        // Without a mark it is ours only when there was none before: GitHub makes it first and takes the mark after.
        if (found && (found.mark !== '' || !isNew)) throw taken(settings);
        await forge.makeEnvironment({ repository, name, mark: request.key, reviewerTeams: reviewers });
        return done;
      },
      undo: async (_asked, context) =>
        takeAway(settings, context.request.key, await hadFoundNone(order.id, context), context),
    };
  },

  remove: (part, _environment, context) =>
    takeAway(settingsOf(settingsSchema, title, part), part.result.mark ?? '', false, context),
};

async function takeAway(
  { repository, name }: Settings,
  mark: string,
  isUnmarkedOurs: boolean,
  { forge }: StepContext,
): Promise<StepOutcome> {
  const found = await forge.environment(repository, name);
  const isMarked = mark !== '' && found?.mark === mark;
  if (!isMarked && !(found?.mark === '' && isUnmarkedOurs))
    return { state: 'done', note: 'nothing of ours is there' };
  await forge.removeEnvironment(repository, name);
  return { state: 'done', note: `${repository} has no environment ${name} any more` };
}

function taken({ repository, name }: Settings): ProblemError {
  return new ProblemError(
    problem(
      'conflict',
      `${repository} has an environment ${name} already, and it is not of this request.`,
      'Ask again with another name, or remove the one at GitHub.',
    ),
  );
}
