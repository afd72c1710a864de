/** `/deploy`: a version of a service goes to one of its environments, by its own GitHub Actions workflow. */
import { type ChangeAction, defineAction } from '../core/action.ts';
import { input } from './deploy/input.ts';
import { previewDeploy } from './deploy/preview.ts';
import { serviceOf } from './deploy/service.ts';
import { deploySteps } from './deploy/steps.ts';
import { serviceTarget } from './service/place.ts';

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

  target: (asked, { catalog }) => serviceTarget(asked, catalog),

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
