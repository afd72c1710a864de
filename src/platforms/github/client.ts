/** Octokit, signed in, bounded in time, and with every failure turned into a Problem. */
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import type { Moment } from '../../core/ids.ts';
import { politeFetch } from './fetch.ts';
import { leftUnread, readJson } from './plain-json.ts';
import { httpErrorOf, problemOf } from './problems.ts';
import { shallowFetch } from './shallow.ts';

export type GithubAuth =
  /** A personal access token, or an installation token that somebody else renews. */
  | { readonly token: string }
  /** A GitHub App: its tokens live one hour and are renewed by themselves. */
  | { readonly appId: number | string; readonly privateKey: string; readonly installationId: number };

export interface GithubOptions {
  readonly auth: GithubAuth;
  /** Of a GitHub Enterprise Server (`https://github.example.com/api/v3`) or of the sandbox; GitHub's own when not given. */
  readonly baseUrl?: string;
  /** Of one call, in milliseconds; 10,000 when not given. GitHub itself ends a call after 10 s. */
  readonly timeoutMs?: number;
  readonly now?: () => Moment;
}

interface Answer {
  readonly status: number;
  readonly data: unknown;
}

/** `owner/name` taken apart, as Octokit's routes name the parts. */
export interface RepositoryParts {
  readonly owner: string;
  readonly repo: string;
}

export interface GithubClient {
  /**
   * @param about what it is about, for sentences: "the tag v1.4.2 of acme/payments".
   * @param route as GitHub's reference writes it: `GET /repos/{owner}/{repo}/tags`.
   * @throws ProblemError
   */
  call(about: string, route: string, parameters: object): Promise<Answer>;
  /** The same; `undefined` when GitHub refuses in the way that `isNothing` knows to mean "there is none". */
  find(
    about: string,
    route: string,
    parameters: object,
    isNothing: (status: number, data: unknown) => boolean,
  ): Promise<Answer | undefined>;
}

/**
 * The version of the REST API that the shapes here were read from: later ones answer a dispatch otherwise
 * (docs.github.com, "API versions").
 */
const apiVersion = '2022-11-28';
const githubTimeoutMs = 10_000;

export function createGithubClient(options: GithubOptions): GithubClient {
  const now = options.now ?? Date.now;
  const polite = politeFetch(options.timeoutMs ?? githubTimeoutMs);
  const octokit = new Octokit({
    userAgent: 'greenlight',
    ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
    ...credentials(options.auth),
    // Signing in reads its answers itself.
    request: { fetch: shallowFetch(polite), log: silent },
    log: silent,
  });
  const unread = { fetch: leftUnread(polite) };
  const send = async (route: string, parameters: object): Promise<Answer> => {
    const answer = await octokit.request(route, {
      ...parameters,
      request: unread,
      headers: { 'x-github-api-version': apiVersion },
    });
    return { status: answer.status, data: readJson(answer) };
  };

  return {
    async call(about, route, parameters) {
      try {
        return await send(route, parameters);
      } catch (error) {
        throw problemOf(error, about, now());
      }
    },
    async find(about, route, parameters, isNothing) {
      try {
        return await send(route, parameters);
      } catch (error) {
        const refused = httpErrorOf(error);
        if (refused && isNothing(refused.status, refused.response.data)) return undefined;
        throw problemOf(error, about, now());
      }
    },
  };
}

/** `owner/name`, as the catalog has checked it. */
export function partsOf(repository: string): RepositoryParts {
  const [owner = '', repo = ''] = repository.split('/');
  return { owner, repo };
}

function credentials(auth: GithubAuth) {
  if ('token' in auth) return { auth: auth.token };
  const { appId, privateKey, installationId } = auth;
  return { authStrategy: createAppAuth, auth: { appId, privateKey, installationId } };
}

function nothing(): void {}

/** Octokit would print to the console; what is worth a line is in the Problem's detail. */
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
