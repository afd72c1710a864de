/** The rules of a policy file: their names looked up, their conditions checked against every action they may meet. */
import { effects } from '../core/facts.ts';
import { count, didYouMean, listOf } from '../core/text.ts';
import { inFileOrder, type Mistake } from '../documents/document.ts';
import type { Path, Positions } from '../documents/positions.ts';
import type { Branch } from '../expressions/scope.ts';
import { asksFor, type ChosenHeader, readChosen, type Schemas, scopesOf } from './chosen.ts';
import { actionsOf, type Complain, checkNames, complaintsInto, readCondition } from './complain.ts';
import type { Policy, Rule, RuleOutcome, RuleRequirement } from './policy.ts';
import { outcomeKeys, type PolicyInFile, type RuleInFile } from './policy-schema.ts';
import type { Subjects, Words } from './subjects.ts';

export interface RulesContext {
  readonly file: PolicyInFile;
  readonly subjects: Subjects;
  /** What a condition may read, by action name. */
  readonly facts: ReadonlyMap<string, Branch>;
  readonly words: Words;
  readonly windows: Policy['windows'];
  readonly members: Policy['members'];
  readonly groupsElsewhere: Policy['groupsElsewhere'];
  readonly positions: Positions;
  /** What blueprints and workflows ask for, by name. */
  readonly schemas: Schemas;
}

export function readRules(context: RulesContext): { rules: readonly Rule[]; mistakes: readonly Mistake[] } {
  const mistakes: Mistake[] = [];
  const seen = new Set<string>();
  const rules = context.file.rules.map((rule, index) => {
    const complain = complaintsInto(mistakes, context.positions, `rule "${rule.id}"`, ['rules', index]);
    if (seen.has(rule.id)) complain.at(['id'], 'another rule has this id already.');
    seen.add(rule.id);
    return readRule(rule, context, complain);
  });
  return { rules, mistakes: inFileOrder(mistakes) };
}

/** Which actions a header speaks of, and of which blueprints or workflows alone. */
export function readSpoken(
  header: ChosenHeader,
  { subjects, facts, schemas }: RulesContext,
  complain: Complain,
) {
  const spoken = actionsOf(header, subjects);
  const spokenFacts = new Map([...facts].filter(([name]) => spoken.includes(name)));
  const chosen = readChosen(header, spokenFacts, schemas, complain);
  const actions = chosen ? spoken.filter((name) => asksFor(chosen.field, spokenFacts.get(name))) : spoken;
  return { actions, chosen, spokenFacts };
}

function readRule(rule: RuleInFile, context: RulesContext, complain: Complain): Rule {
  const { words } = context;
  checkNames(rule.on, [...Object.keys(context.subjects), ...effects], 'action or effect', 'on', complain);
  checkNames(rule.service, words.services, 'service', 'service', complain);
  checkNames(rule.team, words.groups, 'group', 'team', complain);
  const { actions, chosen, spokenFacts } = readSpoken(rule, context, complain);
  const facts = scopesOf(spokenFacts, chosen, context.schemas);
  return {
    id: rule.id,
    mode: rule.mode,
    actions,
    tiers: rule.tier,
    services: rule.service,
    teams: rule.team,
    ...(chosen ? { chosen } : {}),
    when: readCondition(rule.when, ['when'], facts, complain),
    unless: readCondition(rule.unless, ['unless'], facts, complain),
    outcome: readOutcome(rule, context, complain),
  };
}

function readOutcome(rule: RuleInFile, context: RulesContext, complain: Complain): RuleOutcome {
  const given = outcomeKeys.filter((key) => rule[key] !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? 'none' : listOf(given);
    complain.at([], `say exactly one of ${listOf(outcomeKeys, 'or')}; here is ${found}.`);
  }
  if (rule.hold) {
    return readHold(rule.hold, context, complain);
  }
  if (rule.require) {
    const requirements = rule.require.map((one, index) =>
      readRequirement(one, ['require', index], context, complain),
    );
    return { kind: 'require', requirements };
  }
  return rule.allow === undefined
    ? { kind: 'deny', because: rule.deny ?? '' }
    : { kind: 'allow', because: rule.allow };
}

function readHold(
  { window: inside, outside, because, override = [] }: NonNullable<RuleInFile['hold']>,
  context: RulesContext,
  complain: Complain,
): RuleOutcome {
  const side = inside === undefined ? 'outside' : 'inside';
  const name = inside ?? outside ?? '';
  if ((inside === undefined) === (outside === undefined)) {
    complain.at(['hold'], 'say either "window", while which it waits, or "outside", until which it waits.');
  }
  const requirements = override.map((one, index) =>
    readRequirement({ ...one, because }, ['hold', 'override', index], context, complain),
  );
  const window = context.windows.get(name);
  if (window) return { kind: 'hold', window, side, because, override: requirements };
  const nearest = didYouMean(name, context.windows.keys());
  complain.at(['hold', side === 'inside' ? 'window' : 'outside'], `there is no window "${name}".${nearest}`);
  return { kind: 'deny', because };
}

/** Words that stand for groups which are known only when a request is. */
const openGroups = ['owners', 'team'];

export function readRequirement(
  one: NonNullable<RuleInFile['require']>[number],
  path: Path,
  { file, words, members, groupsElsewhere }: RulesContext,
  complain: Complain,
): RuleRequirement {
  checkNames(one.from, [...openGroups, ...words.groups], 'group', [...path, 'from'], complain);
  if (one.escalate) {
    const place = [...path, 'escalate', 'to'];
    checkNames(one.escalate.to, [...openGroups, ...words.groups], 'group', place, complain);
  }
  const { escalate, expires_after: expiresAfterMs = file.expires_after } = one;
  if (escalate && escalate.after >= expiresAfterMs) {
    complain.at([...path, 'escalate', 'after'], 'it has ended unanswered by then: write a shorter time.');
  }
  // Whoever is let in later can answer it, too: only not before.
  const able = [...new Set([...one.from, ...(escalate?.to ?? [])])];
  const isFixed = able.every((name) => words.groups.includes(name) && !groupsElsewhere.has(name));
  const people = new Set(able.flatMap((name) => [...(members.get(name) ?? [])]));
  if (isFixed && people.size < one.count) {
    const who = `${listOf(able)} together have ${count(people.size, 'person', 'people')}`;
    complain.at([...path, 'count'], `nobody could ever meet this: it asks for ${one.count}, and ${who}.`);
  }
  const { count: wanted, from, not, because, comment, step_up: stepUp, delegates } = one;
  return {
    ...{ count: wanted, from, not, because, expiresAfterMs, needsComment: comment === 'required' },
    ...(stepUp ? { stepUp } : {}),
    ...(delegates === undefined ? {} : { delegates }),
    ...(escalate ? { escalates: { to: escalate.to, afterMs: escalate.after } } : {}),
  };
}
