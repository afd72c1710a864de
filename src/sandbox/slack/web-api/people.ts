/** users.*, usergroups.*, auth, bots, team: who is there. */
import { z } from 'zod';
import type { SlackContext } from '../context.ts';
import { SlackError } from '../errors.ts';
import { botProfileJson, groupJson, userJson } from '../json.ts';
import type { UserRecord } from '../world.ts';
import { count, flag, type Method, method, paginate } from './method.ts';

const page = { cursor: z.string().optional(), limit: count };

export const peopleMethods: Record<string, Method> = {
  'api.test': method({
    scopes: [],
    tier: 'special',
    token: 'none',
    args: {},
    run: () => ({ args: {} }),
  }),

  'auth.test': method({
    scopes: [],
    tier: 'special',
    token: 'any',
    args: {},
    run(context) {
      const { team, app } = context.world.seed;
      return {
        url: `${context.url()}/`,
        team: team.name,
        user: app.name,
        team_id: team.id,
        user_id: app.botUserId,
        bot_id: app.botId,
        is_enterprise_install: false,
      };
    },
  }),

  'users.info': method({
    scopes: ['users:read'],
    tier: 4,
    args: { user: z.string(), include_locale: flag },
    run(context, args) {
      const user = context.world.users.get(args.user);
      if (!user) throw new SlackError('user_not_found');
      return { user: asUser(context, user) };
    },
  }),

  'users.list': method({
    scopes: ['users:read'],
    tier: 2,
    args: { ...page, include_locale: flag },
    run(context, args) {
      // Outside members of shared channels are not in this list.
      const own = [...context.world.users.values()].filter((user) => user.kind !== 'outside');
      const { items, nextCursor } = paginate(own, args.cursor, args.limit);
      return {
        offset: '',
        members: items.map((user) => asUser(context, user)),
        cache_ts: Math.floor(context.clock.now() / 1000),
        response_metadata: { next_cursor: nextCursor },
      };
    },
  }),

  'users.lookupByEmail': method({
    scopes: ['users:read.email'],
    tier: 3,
    args: { email: z.string() },
    run(context, args) {
      const wanted = args.email.toLowerCase();
      const found = [...context.world.users.values()].find(
        (user) =>
          user.email?.toLowerCase() === wanted && user.kind !== 'outside' && user.kind !== 'deactivated',
      );
      if (!found) throw new SlackError('users_not_found');
      return { user: asUser(context, found) };
    },
  }),

  'usergroups.list': method({
    scopes: ['usergroups:read'],
    tier: 2,
    args: { include_count: flag, include_disabled: flag, include_users: flag },
    run: (context, args) => ({
      usergroups: [...context.world.groups.values()].map((group) =>
        groupJson(context.world, group, { withUsers: args.include_users ?? false }),
      ),
    }),
  }),

  'usergroups.users.list': method({
    scopes: ['usergroups:read'],
    tier: 2,
    args: { usergroup: z.string(), include_disabled: flag },
    run(context, args) {
      const group = context.world.groups.get(args.usergroup);
      if (!group) throw new SlackError('no_such_subteam');
      return { users: group.members };
    },
  }),

  'bots.info': method({
    scopes: ['users:read'],
    tier: 3,
    args: { bot: z.string().optional() },
    run(context, args) {
      const { world } = context;
      if (args.bot !== world.seed.app.botId) throw new SlackError('bot_not_found');
      const { team_id: _, ...bot } = botProfileJson(world);
      return { bot: { ...bot, user_id: world.seed.app.botUserId } };
    },
  }),

  'team.info': method({
    scopes: ['team:read'],
    tier: 3,
    args: { team: z.string().optional() },
    run(context, args) {
      const { team, otherTeams } = context.world.seed;
      const found = [team, ...otherTeams].find((one) => one.id === (args.team ?? team.id));
      if (!found) throw new SlackError('team_not_found');
      return {
        team: {
          id: found.id,
          name: found.name,
          url: `${context.url()}/`,
          domain: found.domain,
          email_domain: '',
          icon: { image_default: true },
          avatar_base_url: '',
          is_verified: false,
        },
      };
    },
  }),
};

function asUser(context: SlackContext, user: UserRecord) {
  return userJson(context.world, user, { withEmail: context.app.scopes.has('users:read.email') });
}
