/** The App, its installation and its tokens: https://docs.github.com/rest/apps/apps */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { allows } from '../access.ts';
import {
  type AppRoute,
  type Call,
  GithubError,
  json,
  noContent,
  notFound,
  type PlainRoute,
  page,
} from '../http.ts';
import type { RateLimits } from '../rate-limit.ts';
import { at, fullRepository } from '../shapes/basics.ts';
import { appShape, installationShape } from '../shapes/people.ts';
import type { GithubState } from '../state.ts';

/** https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app */
const tokenMs = 3_600_000;
const about = 'app';

export const appRoutes: readonly AppRoute[] = [
  {
    ...{ about, method: 'GET', path: '/app' },
    docs: 'apps/apps#get-the-authenticated-app',
    handle: ({ state }) => json(200, appShape(state)),
  },
  {
    ...{ about, method: 'GET', path: '/app/installations' },
    docs: 'apps/apps#list-installations-for-the-authenticated-app',
    handle: ({ state }) => json(200, [installationShape(state)]),
  },
  {
    ...{ about, method: 'GET', path: '/app/installations/:installation' },
    docs: 'apps/apps#get-an-installation-for-the-authenticated-app',
    handle({ state, params }) {
      requireInstallation(state, params.installation);
      return json(200, installationShape(state));
    },
  },
  {
    ...{ about, method: 'GET', path: '/orgs/:org/installation' },
    docs: 'apps/apps#get-an-organization-installation-for-the-authenticated-app',
    handle({ state, params }) {
      if (params.org?.toLowerCase() !== state.org.login) throw notFound();
      return json(200, installationShape(state));
    },
  },
  {
    ...{ about, method: 'GET', path: '/repos/:owner/:repo/installation' },
    docs: 'apps/apps#get-a-repository-installation-for-the-authenticated-app',
    handle({ state, params }) {
      const known =
        params.owner?.toLowerCase() === state.org.login && state.repositories.has(params.repo ?? '');
      if (!known) throw notFound();
      return json(200, installationShape(state));
    },
  },
  {
    ...{ about, method: 'POST', path: '/app/installations/:installation/access_tokens' },
    docs: 'apps/apps#create-an-installation-access-token-for-an-app',
    handle: createToken,
  },
];

export const installationRoutes = (limits: RateLimits): readonly PlainRoute[] => [
  {
    ...{ about: 'anything', method: 'GET', path: '/installation/repositories', needs: 'any-token' },
    docs: 'apps/installations#list-repositories-accessible-to-the-app-installation',
    handle(call) {
      const { repositories, kind } = call.caller;
      if (kind !== 'installation')
        throw new GithubError(
          403,
          'You must authenticate with an installation access token in order to list repositories for an installation.',
        );
      const reached = [...call.state.repositories.values()].filter(
        (one) => repositories === 'all' || repositories.includes(one.name),
      );
      return page(
        call,
        reached,
        (one) => fullRepository(call.state, one),
        (shown, total) => ({
          total_count: total,
          repository_selection: repositories === 'all' ? 'all' : 'selected',
          repositories: shown,
        }),
      );
    },
  },
  {
    ...{ about: 'anything', method: 'DELETE', path: '/installation/token', needs: 'any-token' },
    docs: 'apps/installations#revoke-an-installation-access-token',
    handle(call) {
      const secret = call.headers.get('authorization')?.split(' ')[1] ?? '';
      call.state.tokens.delete(secret);
      return noContent;
    },
  },
  {
    ...{ about: 'anything', method: 'GET', path: '/rate_limit', needs: 'any-token' },
    docs: 'rate-limit/rate-limit#get-rate-limit-status-for-the-authenticated-user',
    handle(call) {
      // Asking costs nothing.
      limits.giveBack(call.caller);
      const core = limits.overview(call.caller);
      const other = (limit: number) => ({ limit, used: 0, remaining: limit, reset: core.reset });
      return json(200, {
        resources: {
          core,
          search: other(30),
          graphql: other(5_000),
          integration_manifest: other(5_000),
          code_search: other(10),
        },
        rate: core,
      });
    },
  },
];

const tokenSchema = z
  .object({
    repositories: z.array(z.string()).optional(),
    repository_ids: z.array(z.int()).optional(),
    permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])).optional(),
  })
  .nullish();

function createToken({ state, params, body }: Omit<Call, 'caller'>) {
  requireInstallation(state, params.installation);
  const parsed = tokenSchema.safeParse(body);
  // GitHub answers a body of the wrong form as if it were not JSON.
  if (!parsed.success) throw new GithubError(400, 'Problems parsing JSON');
  const asked = parsed.data ?? {};
  const permissions = asked.permissions ?? state.app.permissions;
  const isGranted = Object.entries(permissions).every(([name, level]) =>
    allows(state.app.permissions, name, level),
  );
  if (!isGranted)
    throw new GithubError(422, 'The permissions requested are not granted to this installation.');
  const all = [...state.repositories.values()];
  const wanted = [
    ...(asked.repositories ?? []).map((name) => all.find((one) => one.name === name)),
    ...(asked.repository_ids ?? []).map((id) => all.find((one) => one.id === id)),
  ];
  const chosen = wanted.filter((one) => one !== undefined);
  if (chosen.length < wanted.length)
    throw new GithubError(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  const isSelected = asked.repositories !== undefined || asked.repository_ids !== undefined;
  const token = `ghs_${randomBytes(27).toString('base64url').replace(/[-_]/g, '0')}`;
  const expiresAt = state.clock.now() + tokenMs;
  state.tokens.set(token, {
    kind: 'installation',
    login: `${state.app.slug}[bot]`,
    permissions,
    repositories: isSelected ? chosen.map((one) => one.name) : 'all',
    expiresAt,
  });
  return json(201, {
    token,
    expires_at: at(expiresAt),
    permissions: { ...permissions, metadata: 'read' },
    repository_selection: isSelected ? 'selected' : 'all',
    ...(isSelected ? { repositories: chosen.map((one) => fullRepository(state, one)) } : {}),
  });
}

function requireInstallation(state: GithubState, id: string | undefined): void {
  if (id !== String(state.app.installationId)) throw notFound();
}
