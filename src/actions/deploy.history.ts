/** `/deploys <service> [environment]`: who deployed what, when, how long it took and how it ended. */
import { z } from 'zod';
import { defineAction, type ReadAction } from '../core/action.ts';
import { formatDuration } from '../core/duration.ts';
import { count } from '../core/text.ts';
import { type PastDeploy, pastDeploys, pastLine } from './deploy/history.ts';
import { serviceOf } from './deploy/service.ts';
import { environmentField, serviceField } from './service/fields.ts';
import { serviceTarget } from './service/place.ts';

const input = z.strictObject({
  service: serviceField('Whose deploys.'),
  environment: environmentField('Only there; everywhere when left out.').optional(),
});

const linesMax = 15;

const history: ReadAction<typeof input> = {
  title: 'Deploys of a service',
  summary: 'See who deployed what, when, and how it ended.',
  effect: 'read',
  command: {
    slash: '/deploys',
    positional: [{ field: 'service' }, { field: 'environment', word: 'in' }],
    examples: ['/deploys payments', '/deploys checkout production'],
  },
  input,

  target: (asked, { catalog }) => serviceTarget(asked, catalog),

  async answer({ service, environment }, context) {
    const entry = serviceOf(context.catalog, { service });
    const environments = environment === undefined ? Object.keys(entry.environments) : [environment];
    const past = await pastDeploys(entry, environments, context);
    const where = environment === undefined ? '' : ` in ${environment}`;
    const newest = past.find(({ isCurrent }) => isCurrent) ?? past[0];
    const rollBack = environment ?? newest?.environment;
    return {
      title: `Deploys of ${entry.title}${where}`,
      sentence: newest
        ? newestWords(newest, context.now)
        : `GitHub knows of no deploy of ${service}${where}.`,
      sections: [
        {
          title: count(Math.min(past.length, linesMax), 'deploy'),
          fields: [],
          lines: past.slice(0, linesMax).map((one) => pastLine(one, context.now)),
        },
      ],
      links: [{ label: 'At GitHub', url: `${context.forge.repositoryUrl(entry.repository)}/deployments` }],
      next: [
        { label: 'Status', commandLine: `/svc ${service}` },
        ...(rollBack === undefined
          ? []
          : [{ label: `Roll back ${rollBack}`, commandLine: `/rollback ${service} ${rollBack}` }]),
      ],
    };
  },
};

export default defineAction(history);

function newestWords({ isCurrent, environment, deployment: { ref, at } }: PastDeploy, now: number): string {
  const age = formatDuration(now - at);
  return isCurrent
    ? `The newest is ${ref}: in ${environment} for ${age}.`
    : `None has worked yet; the newest was ${ref} to ${environment}, ${age} ago.`;
}
