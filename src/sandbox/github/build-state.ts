/** Makes the world from the seed: people, the App, and each repository with its past. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { WorldClock } from '../clock.ts';
import { buildRepository } from './build-repository.ts';
import type { GithubSeed } from './seed.ts';
import type { Account, GithubState, Team, Token } from './state.ts';

/** Ids begin high enough to look like GitHub's, and grow. */
const firstId = 11_000_000_001;
const yearMs = 365 * 86_400_000;

export function buildState(seed: GithubSeed, clock: WorldClock): GithubState {
  let lastId = firstId - 1;
  return stateFrom(seed, clock, () => ++lastId);
}

/**
 * The seeded world again, in the same object. What clients hold stays good: the address, the App's key and tokens
 * that were issued. Ids go on, so that nobody takes a new run for one that is gone.
 */
export function resetState(state: GithubState, seed: GithubSeed): void {
  const { baseUrl, emit, tokens, app } = state;
  const fresh = stateFrom(seed, state.clock, state.nextId);
  Object.assign(state, fresh, {
    ...{ baseUrl, emit },
    tokens: new Map([...tokens, ...fresh.tokens]),
    app: { ...fresh.app, keys: app.keys },
  });
}

function stateFrom(seed: GithubSeed, clock: WorldClock, nextId: () => number): GithubState {
  const startAt = clock.now();
  const org = account(9_000, seed.organization.login, 'Organization', seed.organization.name, null);
  const people = seed.users.map((user, index) =>
    account(1_001 + index, user.login, 'User', user.name, user.email),
  );
  const bots = [`${seed.app.slug}[bot]`, 'github-actions[bot]'].map((login, index) =>
    account(41_898_282 + index, login, 'Bot', login, null),
  );
  const state: GithubState = {
    clock,
    baseUrl: '',
    org,
    accounts: new Map([org, ...people, ...bots].map((one) => [one.login.toLowerCase(), one])),
    members: new Map(seed.users.map((user) => [user.login, user.role])),
    teams: new Map(
      seed.teams.map((team, index) => [team.slug, teamOf(team, 501 + index, startAt - 2 * yearMs)]),
    ),
    repositories: new Map(),
    app: {
      ...seed.app,
      createdAt: startAt - yearMs,
      keys: appKeys(),
    },
    tokens: new Map(seed.tokens.map((token) => [token.token, tokenOf(seed, token)])),
    hooks: new Map(),
    deliveries: [],
    logTickets: new Map(),
    nextId,
    emit: () => {},
  };
  for (const [index, repository] of seed.repositories.entries())
    state.repositories.set(repository.name, buildRepository(state, repository, 700_001 + index, startAt));
  return state;
}

/** Made anew at every start, so nothing secret stands in the project; and late, because making them takes long. */
function appKeys(): GithubState['app']['keys'] {
  let made: { publicKey: KeyObject; privatePem: string } | undefined;
  return () => {
    if (made) return made;
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    made = { publicKey, privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
    return made;
  };
}

function account(
  id: number,
  login: string,
  type: Account['type'],
  name: string,
  email: string | null,
): Account {
  return { id, login, type, name, email };
}

function teamOf(team: GithubSeed['teams'][number], id: number, createdAt: number): Team {
  return {
    id,
    slug: team.slug,
    name: team.name,
    description: team.description,
    createdAt,
    members: new Map(team.members.map((login) => [login, 'member'])),
    repositories: new Map(Object.entries(team.repositories)),
  };
}

function tokenOf(seed: GithubSeed, token: GithubSeed['tokens'][number]): Token {
  return {
    kind: token.kind,
    login: token.kind === 'user' ? token.login : `${seed.app.slug}[bot]`,
    permissions: token.permissions ?? seed.app.permissions,
    repositories: token.repositories ?? 'all',
    expiresAt: null,
  };
}
