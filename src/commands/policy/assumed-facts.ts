/**
 * The facts of a request that is only talked about: what the files say, what the caller says, and for everything that
 * the outside would have told an assumption that is stated.
 */
import type { z } from 'zod';
import type { Policy } from '../../approvals/policy.ts';
import { inputSchemaOf } from '../../approvals/subjects.ts';
import { activeWindows, timeFacts } from '../../approvals/windows.ts';
import type { Action, Target } from '../../core/action.ts';
import type { Catalog } from '../../core/catalog.ts';
import { groupsOf, isOnCall, labelsOf, managerOf } from '../../core/catalog.ts';
import { type Facts, factsSchema, noLock, nothingSpecial } from '../../core/facts.ts';
import type { Bypass } from '../../core/glass.ts';
import type { Moment } from '../../core/ids.ts';
import type { Person } from '../../core/person.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { didYouMean, listOf } from '../../core/text.ts';

export interface Supposed {
  readonly action: Action;
  readonly actionName: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly target: Target;
  readonly requester: Person;
  readonly at: Moment;
  /** With what they ask not to wait, by the line's flags. */
  readonly bypass: Bypass | undefined;
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
    strangers: 0,
    checks: 'green',
    requiredChecks: 'green',
    migrations: false,
    order: 'kept',
    size: { files: 1, additions: 1, deletions: 0 },
  },
  cost: { perHour: 0, perDay: 0 },
  usage: { environmentsAlive: 0, requestsLastHour: 0, requestsLastDay: 0 },
  lock: noLock,
  debts: [],
} as const;

/** @throws ProblemError `bad_input` naming the fact that is none, or cannot be so. */
export function assumedFacts(policy: Policy, catalog: Catalog, supposed: Supposed): Facts {
  const { action, actionName, input, target, requester, at, bypass, given, unknown } = supposed;
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
    limits: unusedLimits(policy, actionName),
    unknown: [...unknown],
    ...(bypass ? { bypass: { kind: bypass.kind, reason: bypass.reason } } : {}),
  });
  const known = pathsIn(facts, inputSchemaOf(action));
  for (const one of given) put(facts, readGiven(one, known));
  for (const path of unknown) mustBeKnown(path, known);
  const read = factsSchema.safeParse(facts);
  if (read.success) return read.data;
  const wrong = read.error.issues.map(wrongFact).join('; ');
  throw new ProblemError(
    problem('bad_input', `These facts cannot be: ${wrong}.`, 'What there is: src/approvals/README.md.'),
  );
}

function wrongFact(issue: z.core.$ZodIssue): string {
  const words =
    issue.code === 'invalid_value' ? `it is ${listOf(issue.values.map(String), 'or')}` : undefined;
  return `${issue.path.join('.')}: ${words ?? issue.message}`;
}

/** What of it nobody has said, among the paths that are read, in sentences: "Assumed: change.checks is green." */
export function assumptionsOf(facts: Facts, reads: readonly string[], given: readonly string[]): string[] {
  const said = [...given.map((one) => one.split('=')[0] ?? ''), ...facts.unknown];
  const isSaid = (path: string) => said.some((one) => path === one || path.startsWith(`${one}.`));
  const paths = [...new Set(reads)].filter(
    (path) => Object.keys(assumed).some((name) => path.startsWith(`${name}.`)) && !isSaid(path),
  );
  const limits = Object.keys(facts.limits ?? {}).filter((id) => !isSaid(`limits.${id}.used`));
  const isEmergency = facts.bypass.kind === 'break_glass' && !isSaid('debts');
  return [
    ...(paths.length > 0
      ? [
          `${listOf(paths.map((path) => `${path} is ${shown(valueAt(facts, path))}`))}. Say otherwise with --fact.`,
        ]
      : []),
    ...(limits.length > 0
      ? [`nothing is used up of ${listOf(limits)}. Say otherwise with --fact limits.${limits[0]}.used=...`]
      : []),
    ...(isEmergency
      ? [`nobody has to look at an earlier emergency of theirs. Say otherwise with --fact 'debts=["REQ-3"]'.`]
      : []),
  ].map((line) => `Assumed: ${line}`);
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

/** Nothing is used of them, and this is the first; what costs nothing adds nothing. */
function unusedLimits({ limitsOf }: Policy, actionName: string): Facts['limits'] {
  const rules = limitsOf.get(actionName) ?? [];
  return Object.fromEntries(
    rules.map(({ id, limit }) => [id, { used: 0, adds: limit.measure.kind === 'money' ? 0 : 1 }]),
  );
}

/** All that there is to say of a request of this action: parts, and what is in them. */
function pathsIn(facts: object, inputSchema: unknown): string[] {
  const fields = Object.keys((inputSchema as { readonly properties?: object }).properties ?? {});
  return [...pathsBelow(facts, ''), ...fields.map((field) => `input.${field}`)];
}

function pathsBelow(value: unknown, prefix: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    `${prefix}${name}`,
    ...pathsBelow(inner, `${prefix}${name}.`),
  ]);
}

interface Given {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** A value reads as JSON where it can, else as text: `3`, `true`, `["sre"]`, `red`. */
function readGiven(given: string, known: readonly string[]): Given {
  const [, path, text] = /^([\w.-]+)=(.*)$/s.exec(given) ?? [];
  if (path === undefined || text === undefined) {
    throw new ProblemError(
      problem('bad_input', `"${given}" is no fact.`, 'Write one like --fact change.checks=red.'),
    );
  }
  mustBeKnown(path, known);
  return { path: path.split('.'), value: jsonOrText(text) };
}

/** What is chosen decides what `input.values` holds, so that is not looked up. */
function mustBeKnown(path: string, known: readonly string[]): void {
  if (known.includes(path) || path.startsWith('input.values.')) return;
  const sentence = `There is no fact "${path}".${didYouMean(path, known)}`;
  throw new ProblemError(problem('bad_input', sentence, 'What there is: src/approvals/README.md.'));
}

function put(facts: Record<string, unknown>, { path, value }: Given): void {
  let here = facts;
  for (const part of path.slice(0, -1)) {
    const next = Object.hasOwn(here, part) ? here[part] : undefined;
    here[part] = typeof next === 'object' && next !== null ? next : {};
    here = here[part] as Record<string, unknown>;
  }
  here[path.at(-1) ?? ''] = value;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
