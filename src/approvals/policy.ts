/** The guardrails, ready to be asked: a file's rules, with every name in them leading somewhere. */
import type { Catalog } from '../core/catalog.ts';
import { digestOf } from '../core/digest.ts';
import { isOpenGroup, resolveGroups } from '../core/groups.ts';
import type { Tier } from '../core/names.ts';
import type { exclusions } from '../core/verdict.ts';
import { inFileOrder, type Read, type Source } from '../documents/document.ts';
import { readDocument } from '../documents/read-document.ts';
import type { BreakGlass } from './break-glass.ts';
import { type Chosen, schemasOf } from './chosen.ts';
import type { Expression } from './expression.ts';
import type { Limit, LimitRule } from './limits.ts';
import { type Mode, policySchema } from './policy-schema.ts';
import { invariantMistakes } from './proofs/invariants.ts';
import { readBreakGlass } from './read-break-glass.ts';
import { readLimits } from './read-limits.ts';
import { readRules } from './read-rules.ts';
import { readWindows } from './read-windows.ts';
import { indexRules, type RuleIndex } from './rule-index.ts';
import { blanksOf, factsOfAll, inHours, type Subjects, spansOf, wordsOf } from './subjects.ts';
import type { Window } from './windows.ts';

export interface Policy {
  /** Changes with every change of the file's text. */
  readonly version: string;
  /** In the file's order. */
  readonly rules: readonly Rule[];
  /** Those that can speak of an action, by its name: evaluation looks at no other. */
  readonly rulesOf: ReadonlyMap<string, readonly Rule[]>;
  /** The same, by what their headers name. */
  readonly indexOf: ReadonlyMap<string, RuleIndex>;
  readonly windows: ReadonlyMap<string, Window>;
  /** Those that an action is held to, by its name, in the file's order. */
  readonly limitsOf: ReadonlyMap<string, readonly LimitRule[]>;
  readonly breakGlass: readonly BreakGlass[];
  /** What each action's input reads as where a field was left empty, by action name. */
  readonly blanks: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Fields of each action's input that hold a span of time and are read by a rule in hours, by action name. */
  readonly spans: ReadonlyMap<string, readonly string[]>;
  /** E-mail addresses in lower case, by group. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  /** Groups with people whom only other systems know: how many could answer is not told before they do. */
  readonly groupsElsewhere: ReadonlySet<string>;
}

export interface Rule {
  readonly id: string;
  readonly mode: Mode;
  /** Names of the actions it speaks of. */
  readonly actions: readonly string[];
  /** Undefined: whatever they are. */
  readonly tiers: readonly Tier[] | undefined;
  readonly services: readonly string[] | undefined;
  readonly teams: readonly string[] | undefined;
  /** The blueprints or workflows that it speaks of; all, and what has none, when there is none. */
  readonly chosen?: Chosen;
  readonly when: Expression | undefined;
  readonly unless: Expression | undefined;
  readonly outcome: RuleOutcome;
  /** It matches once this would be passed. */
  readonly limit?: Limit;
}

export type RuleOutcome =
  | { readonly kind: 'allow'; readonly because: string }
  | { readonly kind: 'deny'; readonly because: string }
  | {
      readonly kind: 'hold';
      readonly window: Window;
      /** `inside`: while the window is in force; `outside`: until it is. */
      readonly side: 'inside' | 'outside';
      readonly because: string;
      /** Who may let it through when it was asked for with a reason to; nobody when there are none. */
      readonly override: readonly RuleRequirement[];
    }
  | { readonly kind: 'require'; readonly requirements: readonly RuleRequirement[] };

export interface RuleRequirement {
  readonly count: number;
  /** Groups, or `owners`, or `team`. */
  readonly from: readonly string[];
  readonly not: readonly (typeof exclusions)[number][];
  readonly because: string;
  readonly expiresAfterMs: number;
  readonly needsComment: boolean;
  /** A yes counts only with this second factor. */
  readonly stepUp?: 'code';
  /** Answered in person only. */
  readonly delegates?: false;
  /** Groups, or `owners`, or `team`. */
  readonly escalates?: { readonly to: readonly string[]; readonly afterMs: number };
}

/**
 * Pure. Every text is either a policy in which all names and types are right, or at least one mistake.
 * `subjects` are the actions that there are, by name.
 */
export function readPolicy(source: Source, subjects: Subjects, catalog: Catalog): Read<Policy> {
  const read = readDocument(source, policySchema);
  if (!read.ok) return read;
  const { value: file, positions } = read;
  const words = wordsOf(catalog, Object.keys(file.windows));
  const facts = factsOfAll(subjects, words);
  const members = membersOf(catalog);
  const groupsElsewhere = groupsElsewhereOf(catalog);
  const windows = readWindows(file, catalog.zone, positions);
  const context = {
    file,
    subjects,
    facts,
    words,
    windows: windows.windows,
    members,
    groupsElsewhere,
    positions,
    schemas: schemasOf(catalog),
  };
  const rules = readRules(context);
  const limits = readLimits({ ...context, currency: catalog.prices.currency });
  const { breakGlass, mistakes: ofGlass } = readBreakGlass(context);
  const mistakes = [...windows.mistakes, ...rules.mistakes, ...limits.mistakes, ...ofGlass];
  if (mistakes.length > 0) return { ok: false, mistakes: inFileOrder(mistakes) };
  const rulesOf = byAction(rules.rules, facts.keys());
  const policy: Policy = {
    version: digestOf(source.text).slice(0, 12),
    rules: rules.rules,
    rulesOf,
    indexOf: new Map([...rulesOf].map(([action, list]) => [action, indexRules(list)])),
    windows: windows.windows,
    limitsOf: byAction(limits.limits, facts.keys()),
    breakGlass,
    blanks: new Map(Object.entries(subjects).map(([action, subject]) => [action, blanksOf(subject)])),
    spans: spansRead(subjects, rulesOf),
    members,
    groupsElsewhere,
  };
  const broken = invariantMistakes({
    invariants: file.invariants,
    ...{ policy, subjects, scopes: facts, words, catalog, positions },
  });
  return broken.length > 0 ? { ok: false, mistakes: inFileOrder(broken) } : { ok: true, value: policy };
}

function byAction<One extends Rule>(
  rules: readonly One[],
  actions: Iterable<string>,
): ReadonlyMap<string, readonly One[]> {
  return new Map([...actions].map((name) => [name, rules.filter((rule) => rule.actions.includes(name))]));
}

function spansRead(subjects: Subjects, rulesOf: Policy['rulesOf']): Policy['spans'] {
  const reads = (action: string, path: string) =>
    rulesOf.get(action)?.some(({ when, unless }) => [when, unless].some((one) => one?.reads.includes(path)));
  const spans = Object.entries(subjects).map(([action, subject]) => [
    action,
    spansOf(subject).filter((field) => reads(action, `input.${inHours(field)}`)),
  ]);
  return new Map(spans as [string, string[]][]);
}

function groupsElsewhereOf({ groups }: Catalog): Policy['groupsElsewhere'] {
  return new Set(Object.keys(groups).filter((name) => isOpenGroup(groups, name)));
}

function membersOf(catalog: Catalog): Policy['members'] {
  const { groups } = resolveGroups(catalog.groups, new Map(), 0, 0);
  return new Map(
    Object.entries(groups).map(([name, { members }]) => [
      name,
      new Set(members.map((member) => member.toLowerCase())),
    ]),
  );
}
