/** A look at the outside in parts that can be told apart, so that what stayed can be held against what was named. */
import { isDeepStrictEqual } from 'node:util';
import type { Look } from './bench-look.ts';

/** By what it is (`deployments search-staging/search`, `gitops branch greenlight/req-1`): all that there is of it. */
export type Parts = Readonly<Record<string, readonly unknown[]>>;

/** Made by the cluster in every namespace, a moment after it. */
const clustersOwn = /^(?:configmaps .*\/kube-root-ca\.crt|serviceaccounts .*\/default)$/;

/** What a line says of something, after its name. */
const stateIn: Readonly<Record<keyof Look['github'], RegExp>> = {
  deployments: /^(.*): (.*)$/,
  runs: /^(.*): (.*)$/,
  gitops: /^(.*): (.*)$/,
  environments: /^(.*) \((.*)\)$/,
  teams: /^(.*)()$/,
};

/** The same whichever request made it, and when: number, key and the moment of a restart are its own. */
export function partsOf(look: Look): Parts {
  const { cluster, github } = withoutKeys(look);
  const parts: Record<string, unknown[]> = {};
  const add = (key: string, value: unknown) => {
    parts[key] = [...(parts[key] ?? []), value];
  };
  for (const [key, value] of Object.entries(cluster)) if (!clustersOwn.test(key)) add(key, value);
  for (const [kind, lines] of Object.entries(github)) {
    for (const line of lines) {
      const [what, state] = stateIn[kind as keyof Look['github']].exec(line)?.slice(1) ?? [line, ''];
      add(`${nameOf(kind)} ${what}`, state);
    }
  }
  return parts;
}

export function changedParts(before: Parts, after: Parts): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !isDeepStrictEqual(before[key], after[key]));
}

/** Without these, and without what lives in a namespace that is among them. */
export function partsWithout(parts: Parts, left: ReadonlySet<string>): Parts {
  const rooms = [...left].flatMap((key) => /^namespaces \/(.+)$/.exec(key)?.[1] ?? []);
  const isLeft = (key: string) => left.has(key) || rooms.some((room) => key.includes(` ${room}/`));
  return Object.fromEntries(Object.entries(parts).filter(([key]) => !isLeft(key)));
}

/** GitHub's deployments are records; the cluster's have their name already. */
function nameOf(kind: string): string {
  return kind === 'deployments' ? 'records' : kind;
}

function withoutKeys(look: Look): Look {
  const text = JSON.stringify(look)
    .replaceAll(/REQ-\d+(?:-[0-9a-z]+)?/gi, 'REQ-1')
    .replaceAll(/("greenlight\.dev\/applied":")[0-9a-f]+/g, '$1digest')
    // A fence stays, whatever becomes of the run: it holds off those that come even later.
    .replaceAll(/"greenlight\.dev\/fence":"\d+",?/g, '')
    .replaceAll(',}', '}')
    .replaceAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, 'uid')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then');
  return JSON.parse(text);
}
