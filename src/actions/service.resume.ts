/** `/svc resume`: a paused rollout goes on, and is watched to its end. */
import { z } from 'zod';
import { type ChangeAction, defineAction } from '../core/action.ts';
import { environmentField, serviceField } from './service/fields.ts';
import { pauseSteps, previewPause } from './service/paused.ts';
import { serviceTarget } from './service/place.ts';
import { followRollout } from './service/rollout.ts';

const input = z.strictObject({
  service: serviceField('Whose rollout.'),
  environment: environmentField('Where.'),
});

const serviceResume: ChangeAction<typeof input> = {
  title: 'Resume a rollout',
  summary: 'Let a paused rollout go on.',
  effect: 'change',
  channel: 'deploys',
  command: {
    slash: '/svc',
    verb: 'resume',
    positional: [{ field: 'service' }, { field: 'environment', word: 'in' }],
    examples: ['/svc resume checkout staging'],
  },
  input,
  target: (asked, { catalog }) => serviceTarget(asked, catalog),
  preview: (asked, context) => previewPause(asked, false, context),
  steps: () => [...pauseSteps(false), { id: 'rollout', title: 'Pods follow', do: followRollout }],
  outputs: ({ service, environment }) => ({
    links: [],
    notes: [`The rollout of ${service} in ${environment} went on to its end.`],
  }),
};

export default defineAction(serviceResume);
