/** `/deploy`: a version of a service goes to one of its environments, by its own GitHub Actions workflow. */
import { type ChangeAction, defineAction } from '../core/action.ts';
import { ok, problem, refuse } from '../core/problem.ts';
import { didYouMean, listOf } from '../core/text.ts';
import { input } from './deploy/input.ts';
import { previewDeploy } from './deploy/preview.ts';
import { serviceOf } from './deploy/service.ts';
import { deploySteps } from './deploy/steps.ts';

const deploy: ChangeAction<typeof input> = {
  title: 'Deploy a service',
  summary: 'Bring a version of a service to an environment.',
  effect: 'change',
  channel: 'deploys',
  command: {
    slash: '/deploy',
    positional: [{ field: 'service' }, { field: 'version' }, { field: 'environment', word: 'to' }],
    examples: ['/deploy payments v1.4.2 to staging', '/deploy payments v1.4.2 to production'],
  },
  input,

  target(asked, { catalog }) {
    const service = catalog.services[asked.service];
    if (!service) {
      const sentence = `There is no service "${asked.service}".${didYouMean(asked.service, Object.keys(catalog.services))}`;
      return refuse(
        problem('bad_input', sentence, 'Choose one of the catalog.', { fields: { service: sentence } }),
      );
    }
    const environment = service.environments[asked.environment];
    if (!environment) {
      const names = Object.keys(service.environments);
      const sentence = `${asked.service} has no environment "${asked.environment}".${didYouMean(asked.environment, names)}`;
      return refuse(
        problem('bad_input', sentence, `It has ${listOf(names)}.`, { fields: { environment: sentence } }),
      );
    }
    return ok({
      kind: 'service',
      name: `${asked.service} in ${asked.environment}`,
      tier: environment.tier,
      team: service.owners[0] ?? '',
      service: { name: asked.service, owners: service.owners },
    });
  },

  preview: (asked, context) => previewDeploy(asked, serviceOf(context.catalog, asked), context),

  steps: () => deploySteps,

  outputs(asked, context) {
    const url = context.results.run?.url;
    return {
      links: url === undefined ? [] : [{ label: 'Workflow run', url }],
      notes: [
        `${asked.service} ${asked.version} runs in ${asked.environment} now. See \`/svc ${asked.service}\`.`,
      ],
    };
  },
};

export default defineAction(deploy);
