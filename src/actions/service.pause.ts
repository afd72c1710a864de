/** `/svc pause`: nothing new rolls out until somebody resumes it; what runs goes on. */
import { z } from 'zod';
import { type ChangeAction, defineAction } from '../core/action.ts';
import { environmentField, serviceField } from './service/fields.ts';
import { pauseSteps, previewPause } from './service/paused.ts';
import { serviceTarget } from './service/place.ts';

const input = z.strictObject({
  service: serviceField('Whose rollout.'),
  environment: environmentField('Where.'),
});

const servicePause: ChangeAction<typeof input> = {
  title: 'Pause a rollout',
  summary: 'Hold what is deployed until somebody resumes it; what runs goes on.',
  effect: 'change',
  channel: 'deploys',
  command: {
    slash: '/svc',
    verb: 'pause',
    positional: [{ field: 'service' }, { field: 'environment', word: 'in' }],
    examples: ['/svc pause payments staging'],
  },
  input,
  target: (asked, { catalog }) => serviceTarget(asked, catalog),
  preview: (asked, context) => previewPause(asked, true, context),
  steps: () => pauseSteps(true),
  outputs: ({ service, environment }) => ({
    links: [],
    notes: [
      `Nothing new of ${service} rolls out in ${environment} until \`/svc resume ${service} ${environment}\`.`,
    ],
  }),
};

export default defineAction(servicePause);
