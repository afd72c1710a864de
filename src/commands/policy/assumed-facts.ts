/**
 * The facts of a request that is only talked about: what the files say, what the caller says, and for everything that
 * the outside would have told an assumption that is stated.
 */

import type { Policy } from '../../approvals/policy.ts';
import { activeWindows, timeFacts } from '../../approvals/windows.ts';
import type { Action, Target } from '../../core/action.ts';
import type { Catalog } from '../../core/catalog.ts';
import { groupsOf, isOnCall, labelsOf, managerOf } from '../../core/catalog.ts';
import { type Facts, factsSchema, noLock, nothingSpecial } from '../../core/facts.ts';
import type { Moment } from '../../core/ids.ts';
import type { Person } from '../../core/person.ts';
import { ProblemError, problem } from '../../core/problem.ts';

export interface Supposed {
  readonly action: Action;
  readonly actionName: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly target: Target;
  readonly requester: Person;
  readonly at: Moment;
  /** `change.checks=red`, as many as there are. */
  readonly given: readonly string[];
  /** Paths that could not be had. */
  readonly unknown: readonly string[];
}

/** What is taken for granted of everything that only the outside knows. */
const assumed = {
  environment: {
    ageHours: 0,
    hoursLeft: 0,
    timesExtended: 0,
    extendedHours: 0,
    addedHours: 0,
    idleHours: 0,
    isAsleep: false,
  },
  change: {
    commits: 1,
    authors: [],
    checks: 'green',
    requiredChecks: 'green',
    migrations: false,
    order: 'kept',
    size: { files: 1, additions: 1, deletions: 0 },
  },
  cost: { perHour: 0, perDay: 0 },
  usage: { environmentsAlive: 0, requestsLastHour: 0, requestsLastDay: 0 },
  lock: noLock,
} as const;

/** @throws ProblemError `bad_input` naming the fact that is none, or cannot be so. */
export function assumedFacts(policy: Policy, catalog: Catalog, supposed: Supposed): Facts {
  const { action, actionName, input, target, requester, at, given, unknown } = supposed;
  const facts: Record<string, unknown> = structuredClone({
    ...nothingSpecial,
    ...assumed,
    action: actionName,
    effect: action.effect,
    requester: {
      id: requester.id,
      kind: requester.kind,
      email: requester.email ?? '',
      groups: groupsOf(catalog, requester.email),
      onCall: isOnCall(catalog, requester.email),
      manager: managerOf(catalog, requester.email),
    },
    input,
    target: { kind: target.kind, name: target.name, tier: target.tier, team: target.team },
    service: { name: target.service?.name ?? '', owners: [...(target.service?.owners ?? [])] },
    labels: labelsOf(catalog, target),
    windows: activeWindows(policy, at).map(({ name }) => name),
    time: timeFacts(catalog.zone, at),
    unknown: [...unknown],
  });
  for (const one of given) put(facts, one);
  const read = factsSchema.safeParse(facts);
  if (read.success) return read.data;
  const wrong = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new ProblemError(
    problem('bad_input', `These facts cannot be: ${wrong}.`, 'What there is: src/approvals/README.md.'),
  );
}

/** What of it nobody has said, among the paths that are read: "change.checks is green". */
export function assumptionsOf(facts: Facts, reads: readonly string[], given: readonly string[]): string[] {
  const said = given.map((one) => one.split('=')[0] ?? '');
  const isAssumed = (path: string) =>
    Object.keys(assumed).some((name) => path.startsWith(`${name}.`)) &&
    ![...said, ...facts.unknown].some((one) => path === one || path.startsWith(`${one}.`));
  return [...new Set(reads)].filter(isAssumed).map((path) => `${path} is ${shown(valueAt(facts, path))}`);
}

function shown(value: unknown): string {
  const text = Array.isArray(value) ? value.join(', ') : String(value);
  return text === '' ? 'empty' : text;
}

function valueAt(facts: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((here, part) => (here as Readonly<Record<string, unknown>> | undefined)?.[part], facts);
}

/** A value reads as JSON where it can, else as text: `3`, `true`, `["sre"]`, `red`. */
function put(facts: Record<string, unknown>, given: string): void {
  const [, path, text] = /^([A-Za-z.]+)=(.*)$/s.exec(given) ?? [];
  if (path === undefined || text === undefined) {
    throw new ProblemError(
      problem('bad_input', `"${given}" is no fact.`, 'Write one like --fact change.checks=red.'),
    );
  }
  const parts = path.split('.');
  let here = facts;
  for (const part of parts.slice(0, -1)) {
    const next = Object.hasOwn(here, part) ? here[part] : undefined;
    here[part] = typeof next === 'object' && next !== null ? next : {};
    here = here[part] as Record<string, unknown>;
  }
  here[parts.at(-1) ?? ''] = jsonOrText(text);
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
