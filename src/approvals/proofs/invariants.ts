/**
 * Sentences about the whole policy that must hold of every verdict it could ever give: "nothing in production runs by
 * itself at night". They are tried on the finite domain of each action; the first case that breaks one is told, and a
 * policy that breaks one does not take effect.
 */
import type { Catalog } from '../../core/catalog.ts';
import type { Facts } from '../../core/facts.ts';
import { listOf } from '../../core/text.ts';
import { type Outcome, outcomes, type Verdict } from '../../core/verdict.ts';
import type { Mistake } from '../../documents/document.ts';
import type { Positions } from '../../documents/positions.ts';
import type { Branch } from '../../expressions/scope.ts';
import { actionsOf, checkNames, complaintsInto, readCondition } from '../complain.ts';
import { evaluate, verdictOf } from '../evaluate.ts';
import type { Expression } from '../expression.ts';
import type { Policy, Rule } from '../policy.ts';
import type { InvariantInFile } from '../policy-schema.ts';
import type { Subject, Subjects, Words } from '../subjects.ts';
import { holds } from './about.ts';
import { counterExample } from './counter-example.ts';
import { type Domain, domainOf } from './domain.ts';
import { leafAt } from './values.ts';

export interface InvariantsContext {
  readonly invariants: readonly InvariantInFile[];
  readonly policy: Policy;
  readonly subjects: Subjects;
  readonly scopes: ReadonlyMap<string, Branch>;
  readonly words: Words;
  readonly catalog: Catalog;
  readonly positions: Positions;
}

/**
 * Looks at one action for one invariant: a case costs one, and another for every so many rules that speak of it. Beyond
 * it nothing is proven, and that is said. They take some 3 s; 400 rules more than are shipped have fitted.
 */
const casesMax = 600_000;

/** What is wrong with the invariants, or with the policy by them; nothing when all hold. */
export function invariantMistakes(context: InvariantsContext): Mistake[] {
  const mistakes: Mistake[] = [];
  for (const [index, invariant] of context.invariants.entries()) {
    const found: Mistake[] = [];
    const invariantIs = `invariant "${invariant.id}"`;
    const complain = complaintsInto(found, context.positions, invariantIs, ['invariants', index]);
    const same = context.invariants.findIndex(({ id }) => id === invariant.id);
    if (same < index) complain.at(['id'], 'another invariant has this id already.');
    if ((invariant.never === undefined) === (invariant.must === undefined)) {
      complain.at([], 'say either "never", an outcome, or "must", a condition.');
    }
    const read = readInvariant(invariant, context, complain);
    if (found.length === 0) {
      const hole = firstHole(read, context);
      if (hole !== undefined) complain.at([], `${invariant.says}: ${hole}`);
    }
    mistakes.push(...found);
  }
  return mistakes;
}

interface Invariant {
  readonly inFile: InvariantInFile;
  readonly actions: readonly string[];
  readonly when: Expression | undefined;
  readonly unless: Expression | undefined;
  readonly must: Expression | undefined;
}

function readInvariant(
  invariant: InvariantInFile,
  { subjects, scopes, words }: InvariantsContext,
  complain: ReturnType<typeof complaintsInto>,
): Invariant {
  checkNames(
    invariant.on,
    [...Object.keys(subjects), 'read', 'create', 'change', 'destroy'],
    'action or effect',
    'on',
    complain,
  );
  checkNames(invariant.service, words.services, 'service', 'service', complain);
  checkNames(invariant.team, words.groups, 'group', 'team', complain);
  const actions = actionsOf(invariant, subjects);
  const facts = new Map([...scopes].filter(([name]) => actions.includes(name)));
  const withVerdict = new Map(
    [...facts].map(([name, { fields }]) => [name, { fields: { ...fields, verdict } }]),
  );
  return {
    inFile: invariant,
    actions,
    when: readCondition(invariant.when, ['when'], facts, complain),
    unless: readCondition(invariant.unless, ['unless'], facts, complain),
    must: readCondition(invariant.must, ['must'], withVerdict, complain),
  };
}

/** What `must` may speak of beside the facts. */
const verdict: Branch = {
  fields: {
    outcome: { type: 'string', words: outcomes, blank: '' },
    /** How many people other than the requester have to say yes, at the least, before it runs. */
    approvals: { type: 'double', blank: 0 },
    /** Groups that are asked. */
    from: { type: 'list<string>', blank: [] },
  },
};

function firstHole(invariant: Invariant, context: InvariantsContext): string | undefined {
  const { policy } = context;
  const kept = invariant.must?.reads ?? [];
  const proven = new Set<string>();
  for (const action of invariant.actions) {
    const domain = domainFor(action, invariant, context);
    const rules = enforcedOf(policy, action);
    const question = questionOf(domain, invariant, context);
    if (proven.has(question)) continue;
    const found = counterExample(
      { policy, domain, rules, kept, max: casesMax },
      (facts, findings) => !isKept(invariant, facts, verdictOf(policy, facts, findings)),
    );
    if (found === 'too_many') {
      return `this cannot be proven. ${action} has ${domain.countCases()} cases, too many to tell apart. Narrow it with "on", "tier" or "when".`;
    }
    if (found) return `this does not hold. ${found.words}: ${verdictInWords(evaluate(policy, found.facts))}.`;
    proven.add(question);
  }
  return undefined;
}

/**
 * All that the answer depends on. Two actions that ask the same, as most that only read do, are one to prove: nothing
 * that speaks of them can tell their requests apart. A rule that reads the action's name can: its word is that name.
 */
function questionOf(
  { action, dimensions, outer }: Domain,
  { when, unless, must }: Invariant,
  { policy, scopes, subjects }: InvariantsContext,
): string {
  const rules = enforcedOf(policy, action);
  const conditions = [...rules.flatMap((rule) => [rule.when, rule.unless]), when, unless, must];
  const read = new Set(conditions.flatMap((one) => one?.reads ?? []));
  // The verdict comes of a case, and what a blueprint asks for stands among its choices.
  const own = [...read].filter((path) => !/^(?:verdict|input\.values)\./.test(path));
  return JSON.stringify([
    rules.map(({ id }) => id),
    policy.breakGlass.map(({ actions }) => actions.includes(action)),
    subjects[action]?.effect,
    own.map((path) => leafAt(scopes.get(action) as Branch, path.split('.'))),
    outer,
    dimensions.map(({ name, choices }) => [name, choices.map(({ puts }) => puts)]),
  ]);
}

function domainFor(action: string, invariant: Invariant, context: InvariantsContext): Domain {
  const { policy, catalog, scopes, subjects } = context;
  const { when, unless, must } = invariant;
  return domainOf({
    policy,
    catalog,
    action,
    effect: (subjects[action] as Subject).effect,
    scope: scopes.get(action) as Branch,
    rules: enforcedOf(policy, action),
    conditions: [must].filter((one) => one !== undefined),
    about: { when, unless, isOfTarget: (facts) => coversTarget(invariant, facts) },
  });
}

function enforcedOf(policy: Policy, action: string): readonly Rule[] {
  return (policy.rulesOf.get(action) as readonly Rule[]).filter(({ mode }) => mode === 'enforce');
}

function coversTarget({ inFile }: Invariant, facts: Facts): boolean {
  const covers = (list: readonly string[] | undefined, value: string) => list?.includes(value) ?? true;
  return (
    covers(inFile.tier, facts.target.tier) &&
    covers(inFile.service, facts.service.name) &&
    covers(inFile.team, facts.target.team)
  );
}

function isKept({ inFile, must }: Invariant, facts: Facts, given: Verdict): boolean {
  if (inFile.never?.includes(given.outcome)) return false;
  return must === undefined || holds(must, { ...facts, verdict: factsOfVerdict(given) });
}

function factsOfVerdict({ outcome, requirements }: Verdict): Readonly<Record<string, unknown>> {
  return {
    outcome,
    // One person's yes may meet several requirements, so no more than the greatest of them are sure.
    approvals: Math.max(0, ...requirements.map((one) => one.count)),
    from: [...new Set(requirements.flatMap(({ from }) => from))],
  };
}

const inWords: Readonly<Record<Outcome, string>> = {
  allow: 'it runs by itself',
  require_approval: 'it waits for approvals',
  hold: 'it waits for a window',
  deny: 'it is refused',
};

function verdictInWords({ outcome, reasons }: Verdict): string {
  const rules = [...new Set(reasons.flatMap(({ rule }) => (rule === undefined ? [] : [`"${rule}"`])))];
  return `${inWords[outcome]}${rules.length > 0 ? `, because of ${listOf(rules)}` : ''}`;
}
