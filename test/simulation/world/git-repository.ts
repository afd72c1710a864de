/** What GitHub keeps of one repository, and how it answers the calls that the adapter of pull requests makes. */
import type { Moment } from '../../../src/core/ids.ts';
import type { Effect } from './things.ts';

export interface RepositoryPull {
  readonly number: number;
  readonly branch: string;
  state: 'open' | 'closed';
  headSha: string;
  mergedAt?: Moment;
}

interface Parameters {
  readonly ref?: string;
  readonly path?: string;
  readonly head?: string;
  readonly branch?: string;
  readonly sha?: string;
  readonly content?: string;
  readonly basehead?: string;
  readonly pull_number?: number;
}

export interface GitRepository {
  readonly pulls: readonly RepositoryPull[];
  /** All but the default one. */
  branches(): readonly string[];
  /** On the default branch, as it was then. */
  versionAt(environment: string, at: Moment): string;
  keyOfPull(number: number): string;
  answer(route: string, parameters: Parameters): { readonly status: number; readonly data: unknown };
}

export interface RepositoryWorld {
  now(): Moment;
  happened(effect: Effect): void;
}

type Files = ReadonlyMap<string, string>;

interface Commit {
  readonly sha: string;
  readonly parent: string | undefined;
  readonly files: Files;
}

export const firstVersion = '0.9.0';
const environments = ['staging', 'production'];
const base = 'main';

/** The request by whose key the branch is named. */
export function keyOfBranch(branch: string): string {
  return branch.replace(/^greenlight\/req/, 'REQ');
}

export function createRepository({ now, happened }: RepositoryWorld): GitRepository {
  const commits = new Map<string, Commit>();
  const branches = new Map<string, string>();
  const pulls: RepositoryPull[] = [];
  const merges: { readonly at: Moment; readonly files: Files }[] = [];

  function commit(files: Files, parent: string | undefined): string {
    const sha = `sha${commits.size + 1}`;
    commits.set(sha, { sha, parent, files });
    return sha;
  }

  const first = new Map(environments.map((one) => [fileOf(one), textOf(firstVersion)]));
  branches.set(base, commit(first, undefined));
  merges.push({ at: 0, files: first });

  const filesAt = (ref: string): Files => commits.get(branches.get(ref) ?? ref)?.files ?? new Map();

  /** The newest commit that both came from. */
  function mergeBase(one: string, other: string): string {
    const before = new Set<string>();
    for (let at: string | undefined = one; at !== undefined; at = commits.get(at)?.parent) before.add(at);
    let at = other;
    while (!before.has(at)) at = commits.get(at)?.parent ?? '';
    return at;
  }

  function changedIn(headSha: string): readonly string[] {
    const before = filesAt(mergeBase(headOf(base), headSha));
    return [...filesAt(headSha)].flatMap(([file, text]) => (before.get(file) === text ? [] : [file]));
  }

  const headOf = (branch: string) => branches.get(branch) ?? '';

  function isMergeable({ headSha }: RepositoryPull): boolean {
    const before = filesAt(mergeBase(headOf(base), headSha));
    return changedIn(headSha).every((file) => filesAt(base).get(file) === before.get(file));
  }

  const shown = (pull: RepositoryPull) => ({
    ...{ number: pull.number, html_url: `https://forge.example/pull/${pull.number}`, state: pull.state },
    ...{ head: { sha: pull.headSha }, base: { ref: base } },
    ...{ merged_at: pull.mergedAt === undefined ? null : 'then', merge_commit_sha: headOf(base) },
    mergeable: isMergeable(pull),
  });

  const say = (branch: string, what: string, thing: string) =>
    happened({ key: `${keyOfBranch(branch)}:${what}`, kind: 'done', thing });

  const routes: Readonly<Record<string, (asked: Parameters) => readonly [number, unknown]>> = {
    'GET /repos/{owner}/{repo}/git/ref/{ref}'({ ref = '' }) {
      const sha = branches.get(ref.replace('heads/', ''));
      return sha === undefined ? notFound : [200, { object: { sha } }];
    },
    'POST /repos/{owner}/{repo}/git/refs'({ ref = '', sha = '' }) {
      const branch = ref.replace('refs/heads/', '');
      if (branches.has(branch)) return [422, { message: 'Reference already exists' }];
      branches.set(branch, sha);
      return [201, {}];
    },
    'DELETE /repos/{owner}/{repo}/git/refs/{ref}'({ ref = '' }) {
      const branch = ref.replace('heads/', '');
      if (!branches.delete(branch)) return [422, { message: 'Reference does not exist' }];
      for (const pull of pulls) if (pull.branch === branch) pull.state = 'closed';
      return [204, undefined];
    },
    'GET /repos/{owner}/{repo}/contents/{path}'({ path = '', ref = '' }) {
      const text = filesAt(ref).get(path);
      if (text === undefined) return notFound;
      return [200, { sha: blobOf(text), content: Buffer.from(text).toString('base64'), encoding: 'base64' }];
    },
    'PUT /repos/{owner}/{repo}/contents/{path}'({ path = '', branch = '', sha = '', content = '' }) {
      const files = filesAt(branch);
      if (!branches.has(branch)) return notFound;
      if (blobOf(files.get(path) ?? '') !== sha) return [409, { message: `${path} does not match ${sha}` }];
      const text = Buffer.from(content, 'base64').toString('utf8');
      branches.set(branch, commit(new Map([...files, [path, text]]), headOf(branch)));
      for (const pull of pulls) if (pull.branch === branch) pull.headSha = headOf(branch);
      say(branch, 'commit', path);
      return [200, {}];
    },
    'GET /repos/{owner}/{repo}/pulls'({ head = '' }) {
      const branch = head.slice(head.indexOf(':') + 1);
      return [
        200,
        pulls
          .filter((pull) => pull.branch === branch)
          .toReversed()
          .slice(0, 1)
          .map(shown),
      ];
    },
    'POST /repos/{owner}/{repo}/pulls'({ head = '' }) {
      const isKnown = pulls.some(({ branch, state }) => branch === head && state === 'open');
      if (isKnown || !branches.has(head)) return [422, { message: 'Validation Failed' }];
      const pull: RepositoryPull = {
        ...{ number: pulls.length + 1, branch: head, state: 'open', headSha: headOf(head) },
      };
      pulls.push(pull);
      say(head, 'pull request', `pull request of ${head}`);
      return [201, shown(pull)];
    },
    'GET /repos/{owner}/{repo}/pulls/{pull_number}'({ pull_number: number }) {
      const pull = pulls.find((one) => one.number === number);
      return pull ? [200, shown(pull)] : notFound;
    },
    'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge'({ pull_number: number, sha = '' }) {
      const pull = pulls.find((one) => one.number === number);
      if (!pull) return notFound;
      if (pull.state !== 'open' || !isMergeable(pull)) return [405, { message: 'Not mergeable' }];
      if (pull.headSha !== sha) return [409, { message: 'Head branch was modified' }];
      const changed = changedIn(sha).map((file) => [file, filesAt(sha).get(file) ?? ''] as const);
      branches.set(base, commit(new Map([...filesAt(base), ...changed]), headOf(base)));
      merges.push({ at: now(), files: filesAt(base) });
      Object.assign(pull, { state: 'closed', mergedAt: now() });
      say(pull.branch, 'merge', `${base} by ${pull.branch}`);
      return [200, { merged: true }];
    },
    'PATCH /repos/{owner}/{repo}/pulls/{pull_number}'({ pull_number: number }) {
      const pull = pulls.find((one) => one.number === number);
      if (pull) pull.state = 'closed';
      return [200, {}];
    },
    'GET /repos/{owner}/{repo}/compare/{basehead}'({ basehead = '' }) {
      const head = basehead.split('...')[1] ?? '';
      const sha = mergeBase(headOf(base), head);
      const files = changedIn(head).map((filename) => ({ filename }));
      return [200, { merge_base_commit: { sha }, files }];
    },
  };

  return {
    pulls,
    branches: () => [...branches.keys()].filter((one) => one !== base),
    versionAt: (environment, at) =>
      versionIn(merges.findLast((one) => one.at <= at)?.files.get(fileOf(environment)) ?? ''),
    keyOfPull: (number) => keyOfBranch(pulls.find((one) => one.number === number)?.branch ?? ''),
    answer(route, parameters) {
      const [status, data] = routes[route]?.(parameters) ?? [501, { message: route }];
      return { status, data };
    },
  };
}

const notFound = [404, { message: 'Not Found' }] as const;

const fileOf = (environment: string) => `checkout/${environment}/kustomization.yml`;
const textOf = (version: string) =>
  `images:\n  - name: registry.acme.example/checkout\n    newTag: "${version}"\n`;
const versionIn = (text: string) => /newTag: "?([\w.]+)/.exec(text)?.[1] ?? '';
const blobOf = (text: string) => `blob of ${versionIn(text)}`;
