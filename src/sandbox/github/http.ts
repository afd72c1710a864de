/**
 * How a call to the box is described and answered: routes as data, GitHub's errors, its pages. The order in
 * which a call is judged (token, rate limit, repository, permission) stands in `server.ts`.
 */
import type { z } from 'zod';
import type { Account, GithubState, PermissionLevel, Permissions, Repository, Token } from './state.ts';

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What GitHub puts into `errors` of a 422. */
export interface FieldError {
  readonly resource?: string;
  readonly field?: string;
  readonly code?: string;
  readonly message?: string;
  /** Of a deployment's `required_contexts`. */
  readonly contexts?: readonly { readonly context: string; readonly state: string }[];
}

export interface Caller {
  readonly account: Account;
  readonly permissions: Permissions;
  readonly repositories: Token['repositories'];
  readonly kind: Token['kind'];
  /** A short name for rate limits; never the token itself. */
  readonly bucket: string;
}

export interface Call {
  readonly state: GithubState;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly headers: Headers;
  readonly caller: Caller;
}

export interface RepositoryCall extends Call {
  readonly repository: Repository;
}

/** Which permission of an App a call needs; GitHub documents it for each endpoint. */
export type Need = readonly [name: string, level: PermissionLevel];

interface RouteBase {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A Hono pattern. `/repos/:owner/:repo` in front makes it a call about a repository. */
  readonly path: string;
  /** The page and anchor below https://docs.github.com/rest/ that errors point to. */
  readonly docs: string;
}
export interface RepositoryRoute extends RouteBase {
  readonly about: 'repository';
  readonly needs: Need;
  readonly handle: (call: RepositoryCall) => Answer | Promise<Answer>;
}
export interface PlainRoute extends RouteBase {
  readonly about: 'anything';
  readonly needs: Need | 'any-token';
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}
/** Called by the App itself, with a JWT. */
export interface AppRoute extends RouteBase {
  readonly about: 'app';
  readonly handle: (call: Omit<Call, 'caller'>) => Answer | Promise<Answer>;
}
/** Signed links and pages that carry their own right. */
export interface OpenRoute extends RouteBase {
  readonly about: 'open';
  readonly handle: (call: Omit<Call, 'caller'>) => Answer | Promise<Answer>;
}
export type Route = RepositoryRoute | PlainRoute | AppRoute | OpenRoute;

export class GithubError extends Error {
  readonly status: number;
  readonly errors: readonly (FieldError | string)[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly documentationUrl: string | undefined;
  constructor(
    status: number,
    message: string,
    options: {
      errors?: readonly (FieldError | string)[];
      headers?: Readonly<Record<string, string>>;
      documentationUrl?: string;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
    this.documentationUrl = options.documentationUrl;
  }
}

export const notFound = (): GithubError => new GithubError(404, 'Not Found');

export function validationFailed(errors: readonly (FieldError | string)[]): GithubError {
  return new GithubError(422, 'Validation Failed', { errors });
}

/** The body, checked. GitHub answers a body of the wrong form with 422 and one error for each field. */
export function bodyOf<T extends z.ZodType>(
  call: { body: unknown },
  schema: T,
  resource: string,
): z.output<T> {
  const parsed = schema.safeParse(call.body ?? {});
  if (parsed.success) return parsed.data;
  throw validationFailed(
    parsed.error.issues.map((issue) => {
      const isMissing = issue.code === 'invalid_type' && issue.message.includes('received undefined');
      return { resource, field: issue.path.join('.'), code: isMissing ? 'missing_field' : 'invalid' };
    }),
  );
}

export const json = (status: number, body: unknown): Answer => ({ status, body });
export const noContent: Answer = { status: 204 };

/** https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
const pageSize = { normal: 30, max: 100 };

/** The asked-for page of a list, with GitHub's `Link` header. `wrap` puts it into an object with a total. */
export function page<T>(
  call: Pick<Call, 'url' | 'query' | 'state'>,
  items: readonly T[],
  shape: (item: T) => unknown,
  wrap?: (shaped: readonly unknown[], total: number) => unknown,
  size: { normal: number; max: number } = pageSize,
): Answer {
  const { shown, headers } = pageOf(call, items, size);
  const shaped = shown.map(shape);
  return { status: 200, body: wrap ? wrap(shaped, items.length) : shaped, headers };
}

export function pageOf<T>(
  call: Pick<Call, 'url' | 'query' | 'state'>,
  items: readonly T[],
  size: { normal: number; max: number } = pageSize,
): { shown: readonly T[]; number: number; headers: Record<string, string> } {
  const perPage = Math.min(positive(call.query.get('per_page')) ?? size.normal, size.max);
  const number = positive(call.query.get('page')) ?? 1;
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (to: number, rel: string) => {
    const url = new URL(`${call.state.baseUrl}${call.url.pathname}${call.url.search}`);
    url.searchParams.set('page', String(to));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [link(number - 1, 'prev')] : []),
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
    ...(number > 1 ? [link(1, 'first')] : []),
  ];
  return {
    shown: items.slice((number - 1) * perPage, number * perPage),
    number,
    headers: links.length > 0 ? { link: links.join(', ') } : {},
  };
}

function positive(text: string | null): number | undefined {
  const number = Number(text);
  return text !== null && Number.isInteger(number) && number > 0 ? number : undefined;
}
