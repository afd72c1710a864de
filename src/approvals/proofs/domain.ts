/**
 * The finite domain of an action: every request that its rules could tell apart. People stand for the roles that the
 * catalog makes, targets for what it lists, and a number is taken below, at and above every literal that it is compared
 * with. It is wider than the world (a night may be noon here): what holds in all of it holds, and what does not is told
 * with the case that breaks it.
 */
import type { Catalog } from '../../core/catalog.ts';
import { type Facts, factsSchema, nothingSpecial } from '../../core/facts.ts';
import type { Branch } from '../../expressions/scope.ts';
import type { Literal } from '../../expressions/syntax.ts';
import type { Expression } from '../expression.ts';
import type { Policy, Rule } from '../policy.ts';
import { blankOf } from '../subjects.ts';
import { type Holds, holds, isOf, rememberConditions } from './about.ts';
import { withChosenValues } from './chosen-values.ts';
import { authorChoices, emailsOf, whoChoices } from './people.ts';
import { laws, withLawful } from './possible.ts';
import { targetChoices } from './targets.ts';
import { leafAt, valuesOf } from './values.ts';

/** One thing in which two requests can differ. */
export interface Dimension {
  /** The fact's path; `who` and `target` stand for several facts that go together. */
  readonly name: string;
  /** The plain one first. */
  readonly choices: readonly Choice[];
}

export interface Choice {
  /** "Sam of sre, on call", "payments in production", "time.hour is 7". */
  readonly words: string;
  /** Whole facts by path, to be put into a case. */
  readonly puts: readonly Put[];
}

export interface Put {
  readonly path: readonly [string, ...string[]];
  readonly value: unknown;
}

export interface Domain {
  readonly action: string;
  readonly dimensions: readonly Dimension[];
  /** So many of the first say which requests the question is about. */
  readonly outer: number;
  /** How many cases there are of what the question is about: counted at every call. */
  countCases(): number;
  /** The case of these choices, by place: new at every call. */
  factsOf(picked: readonly number[]): Facts;
  /** Whether the question is about such a request. */
  isAbout(facts: Facts): boolean;
  /**
   * Every request that the question is about, with all other facts as they plainly are, until `look` says `false`. The
   * facts are the same object each time.
   */
  eachRequest(look: (facts: Facts, picked: readonly number[]) => boolean): void;
  /** Gives facts of a case another choice in one thing. */
  put(facts: Facts, dimension: number, place: number): void;
}

/** What is to be told apart in it. */
export interface Question {
  readonly policy: Pick<Policy, 'windows' | 'breakGlass'>;
  readonly catalog: Catalog;
  readonly action: string;
  readonly effect: Facts['effect'];
  /** What a condition may read of this action. */
  readonly scope: Branch;
  /** Those whose difference matters. */
  readonly rules: readonly Rule[];
  /** What is asked of each verdict. */
  readonly conditions: readonly Expression[];
  /** Which requests it is about; all when not given. `isOf` reads no more than a person, a target and `reads`. */
  readonly about?: About;
}

export interface About {
  readonly when: Expression | undefined;
  readonly unless: Expression | undefined;
  /** By the target alone. */
  isOfTarget(facts: Facts): boolean;
}

/** Every domain begins with a person and a target. */
const settled = 2;

export function domainOf(question: Question): Domain {
  const { action, effect, scope } = question;
  const asked = [question.about?.when, question.about?.unless].filter((one) => one !== undefined);
  const all = [...question.conditions, ...asked];
  const readings = withLawful(readingsOf({ ...question, conditions: all }));
  const who = whoChoices(question, readings);
  const target = withChosenValues(targetChoices(question, readings), 'workflow', question);
  const emails = emailsOf(question.catalog);
  const bound = new Set([...boundToWho, ...boundToTarget, 'bypass.kind', 'bypass.reason', 'debts']);
  const others = [...readings]
    // The verdict is what comes of a case, and no part of it.
    .filter(([path]) => !bound.has(path) && !/^(?:verdict|input\.values)\./.test(path))
    .map(([path, literals]): Dimension => {
      const choices = valuesOf(path, leafAt(scope, path.split('.')), literals, emails);
      const isBlueprint = path === 'input.blueprint';
      return {
        name: path,
        choices: isBlueprint ? withChosenValues(choices, 'blueprint', question) : choices,
      };
    });
  const authors = authorChoices(question, readings);
  const aboutReads = asked.flatMap(({ reads }) => reads);
  const isAbout = ({ name }: Dimension) =>
    aboutReads.some((path) => path === name || path.startsWith(`${name}.`));
  const facts = [
    ...(authors.length > 0 ? [{ name: 'change.authors', choices: authors }] : []),
    ...bypassDimension(question, readings),
    ...others.filter(({ name }) => name !== 'change.authors' || authors.length === 0),
  ];
  const read = readingsOf(question);
  const isRead = ({ name }: Dimension) =>
    read.has(name) || name === 'bypass' || laws.some(({ paths }) => paths.includes(name));
  const shared = [
    { name: 'who', choices: who },
    { name: 'target', choices: target },
    ...facts.filter((one) => isAbout(one) && isRead(one)),
  ];
  const first = [...shared, ...facts.filter((one) => isAbout(one) && !isRead(one))];
  // Whatever else may differ, a request that it is not about is left at once.
  const dimensions = [...first, ...facts.filter((one) => !isAbout(one))];
  const blank = () => ({ ...structuredClone(blankFacts(scope)), action, effect }) as unknown as Facts;
  const lawful = laws.filter(({ paths }) => paths.every((path) => first.some(({ name }) => name === path)));
  const isAboutFacts = (facts: Facts, holdsNow: Holds) =>
    // What is remembered is asked first.
    isOf(question.about, facts, holdsNow) && lawful.every((law) => law.holds(facts));
  const eachRequest: Domain['eachRequest'] = (look) => {
    const facts = blank();
    const picked = dimensions.map(() => 0);
    const holdsNow = rememberConditions(asked, dimensions, picked);
    let isFound = false;
    const go = (index: number): boolean => {
      const dimension = first[index];
      // Whoever asks and whatever for: left at once where the question is about other targets.
      if (index === settled && question.about?.isOfTarget(facts) === false) return true;
      if (dimension === undefined) {
        if (!isAboutFacts(facts, holdsNow)) return true;
        isFound = true;
        return look(facts, picked);
      }
      for (const [place, choice] of dimension.choices.entries()) {
        // What only says which requests it is about changes no verdict: one such request stands for the others.
        if (index < shared.length) isFound = false;
        else if (index < first.length && isFound) break;
        picked[index] = place;
        putAll(facts, choice);
        if (!go(index + 1)) return false;
      }
      return true;
    };
    go(0);
  };
  const choiceAt = (index: number, place: number) => dimensions[index]?.choices[place] as Choice;
  return {
    action,
    dimensions,
    outer: first.length,
    countCases() {
      let about = 0;
      eachRequest(() => {
        about += 1;
        return true;
      });
      return dimensions.slice(first.length).reduce((size, { choices }) => size * choices.length, about);
    },
    factsOf(picked) {
      const facts = blank();
      for (const [index, place] of picked.entries()) putAll(facts, choiceAt(index, place));
      return facts;
    },
    isAbout: (facts) => isAboutFacts(facts, holds),
    eachRequest,
    put: (facts, index, place) => putAll(facts, choiceAt(index, place)),
  };
}

/** What nobody reads stays blank: whatever is read is a dimension of its own, or comes with the person or the target. */
function blankFacts(scope: Branch): Readonly<Record<string, unknown>> {
  const needed = Object.entries(blankOf(scope)).filter(([name]) => !optional.includes(name));
  return { ...Object.fromEntries(needed), ...nothingSpecial, unknown: [] };
}

/** Facts without which nothing was counted, and so nothing is asked of them. */
const optional = Object.entries(factsSchema.shape)
  .filter(([, schema]) => schema.safeParse(undefined).success)
  .map(([name]) => name);

/** Facts that come with a person or a target, and so are no dimension of their own. */
const boundToWho = [
  'requester.id',
  'requester.kind',
  'requester.email',
  'requester.groups',
  'requester.onCall',
];
const boundToTarget = [
  'target.kind',
  'target.name',
  'target.tier',
  'target.team',
  'service.name',
  'service.owners',
  'input.service',
  'input.environment',
  'input.workflow',
  'action',
  'effect',
];

/** Going past a hold or, in an emergency, past rules: where the policy lets anybody, or a condition asks. */
function bypassDimension({ policy, action, rules }: Question, readings: Readings): Dimension[] {
  const choice = (kind: string, words: string): Choice => ({
    words,
    puts: [
      { path: ['bypass', 'kind'], value: kind },
      { path: ['bypass', 'reason'], value: kind === 'none' ? '' : words },
      { path: ['debts'], value: [] },
    ],
  });
  const isAsked = readings.has('bypass.kind') || readings.has('bypass.reason');
  const mayOverride = rules.some(({ outcome }) => outcome.kind === 'hold' && outcome.override.length > 0);
  const mayBreak = policy.breakGlass.some(({ actions }) => actions.includes(action));
  const choices = [
    choice('none', ''),
    ...(isAsked || mayOverride ? [choice('override', 'it is asked for in spite of the window')] : []),
    ...(isAsked || mayBreak ? [choice('break_glass', 'glass is broken for it')] : []),
  ];
  return choices.length > 1 ? [{ name: 'bypass', choices }] : [];
}

/** Paths with all that they are compared with. */
export type Readings = ReadonlyMap<string, readonly Literal[]>;

function readingsOf({ rules, conditions }: Question): Readings {
  const readings = new Map<string, readonly Literal[]>();
  const add = (path: string, literals: readonly Literal[]) =>
    readings.set(path, [...new Set([...(readings.get(path) ?? []), ...literals])]);
  const ofRules = rules.flatMap(({ when, unless }) => [when, unless]).filter((one) => one !== undefined);
  for (const { literals } of [...ofRules, ...conditions]) {
    for (const [path, beside] of literals) add(path, beside);
  }
  for (const { services, outcome, chosen } of rules) {
    add('service.name', services ?? []);
    if (chosen) add(`input.${chosen.field}`, chosen.names);
    if (outcome.kind === 'hold') add('windows', [outcome.window.name]);
  }
  return readings;
}

function putAll(facts: Facts, { puts }: Choice): void {
  for (const { path, value } of puts) {
    const parents = path.slice(0, -1);
    let here = facts as unknown as Record<string, unknown>;
    for (const part of parents) {
      here = here[part] as Record<string, unknown>;
    }
    here[path.at(-1) as string] = value;
  }
}
