/** `/svc watch`: the status of a service in one message that follows it for a while. */
import { z } from 'zod';
import { defineAction, type ReadAction } from '../core/action.ts';
import { anyEnvironmentField, serviceField } from './service/fields.ts';
import { serviceTarget } from './service/place.ts';
import serviceStatus from './service.status.ts';

const input = z.strictObject({
  service: serviceField('Which one.'),
  environment: anyEnvironmentField(),
});

const serviceWatch: ReadAction<typeof input> = {
  title: 'Watch a service',
  summary: 'Follow a service for 15 minutes, in one message for the channel.',
  effect: 'read',
  command: {
    slash: '/svc',
    verb: 'watch',
    positional: [{ field: 'service' }, { field: 'environment', word: 'in' }],
    examples: ['/svc watch search staging', '/svc watch payments'],
  },
  input,

  target: (asked, { catalog }) => serviceTarget(asked, catalog),

  async answer(asked, context) {
    if (serviceStatus.effect !== 'read') throw new Error('a status only reads');
    const status = await serviceStatus.answer(asked, context);
    return { ...status, follow: { action: 'service.status', input: asked } };
  },
};

export default defineAction(serviceWatch);
