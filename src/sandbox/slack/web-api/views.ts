/** views.*: modals and the Home tab. */
import { z } from 'zod';
import type { SlackContext } from '../context.ts';
import { SlackError } from '../errors.ts';
import { viewJson } from '../json.ts';
import { checkView, openModal, publishHome, startStack, updateView } from '../views.ts';
import type { ViewRecord } from '../world.ts';
import { json, type Method, method } from './method.ts';

const trigger = { trigger_id: z.string().optional(), interactivity_pointer: z.string().optional() };

export const viewMethods: Record<string, Method> = {
  'views.open': method({
    scopes: [],
    tier: 4,
    args: { ...trigger, view: json },
    run(context, args) {
      const view = checkView(context.world, args.view, 'modal');
      const origin = context.triggers.exchange(args.trigger_id ?? args.interactivity_pointer ?? '');
      return answer(context, startStack(context.world, origin.user, view, origin.channel));
    },
  }),

  'views.push': method({
    scopes: [],
    tier: 4,
    args: { ...trigger, view: json },
    run(context, args) {
      const { world } = context;
      const view = checkView(world, args.view, 'modal');
      const origin = context.triggers.exchange(args.trigger_id ?? args.interactivity_pointer ?? '');
      // Only what was done inside a modal gives a trigger that can push onto it.
      const isOpen =
        origin.viewId !== undefined && (world.stacks.get(origin.user) ?? []).includes(origin.viewId);
      if (!isOpen) throw new SlackError('invalid_trigger_id');
      return answer(context, openModal(world, origin.user, view, origin.channel));
    },
  }),

  'views.update': method({
    scopes: [],
    tier: 4,
    args: {
      view: json,
      view_id: z.string().optional(),
      external_id: z.string().optional(),
      hash: z.string().optional(),
    },
    run(context, args) {
      const { world } = context;
      const before = [...world.views.values()].find(
        (one) => one.id === args.view_id || (args.external_id && one.externalId === args.external_id),
      );
      if (!before) throw new SlackError('not_found');
      const view = checkView(world, args.view, before.type);
      return answer(context, updateView(world, before, view, args.hash));
    },
  }),

  'views.publish': method({
    scopes: [],
    tier: 4,
    args: { user_id: z.string(), view: json, hash: z.string().optional() },
    run(context, args) {
      const { world, app } = context;
      const user = world.users.get(args.user_id);
      if (!user || user.kind === 'outside') throw new SlackError('user_not_found');
      if (!app.hasHomeTab) throw new SlackError('not_enabled');
      return answer(context, publishHome(world, user.id, checkView(world, args.view, 'home'), args.hash));
    },
  }),
};

function answer(context: SlackContext, view: ViewRecord) {
  return { view: viewJson(context.world, view, { withState: false }) };
}
