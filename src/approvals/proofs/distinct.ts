/**
 * The cases of a domain between which the rules make a difference. Facts that no rule reads together are looked at by
 * themselves, and of those with which the rules say the very same one is taken: forty thousand combinations of checks,
 * hours and sizes come to some hundred, and what holds of these holds of all.
 */
import type { Facts } from '../../core/facts.ts';
import { type Finding, findingOf } from '../evaluate.ts';
import type { Policy, Rule, RuleRequirement } from '../policy.ts';
import type { Choice, Domain } from './domain.ts';
import { lookedBefore } from './looked-before.ts';
import { laws } from './possible.ts';

export interface Cases {
  readonly policy: Policy;
  readonly domain: Domain;
  readonly rules: readonly Rule[];
  /** Facts that the look itself reads, beside what the rules say of them. */
  readonly kept: readonly string[];
  /** How many looks it may cost, at single rules and at all that they say. */
  readonly max: number;
  /**
   * Whether a look that was taken need not be taken again at a request of which the rules say the very same, and whose
   * `kept` facts are the same: asked before each such request.
   */
  isOnceEnough?(): boolean;
}

/** The facts are the same object each time. */
export type Look = (facts: Facts, picked: readonly number[], findings: readonly Finding[]) => boolean;

/** A case of which many rules speak takes longer: so many of them more count as another look. */
const findingsPerLook = 16;

/** Until `look` says `false`. Whether that many were enough. */
export function eachDistinct(cases: Cases, look: Look): boolean {
  const { domain, max } = cases;
  const { alone, parts } = partsOf(cases);
  const wasLooked = lookedBefore(cases);
  let cost = 0;
  domain.eachRequest((facts, outer) => {
    const picked = [...outer];
    const said = alone.map((one) => one.findingsIn(facts, picked));
    const choices: (readonly Difference[])[] = [];
    for (const part of parts) {
      const key = part.outer.map((index) => picked[index]).join();
      if (!part.differences.has(key)) {
        cost += part.size * part.rules.length;
        if (cost > max) return false;
        part.differences.set(key, differencesIn(part, facts, picked, domain));
      }
      choices.push(part.differences.get(key) as readonly Difference[]);
    }
    const isSame = wasLooked(facts, picked, { alone: said, choices });
    if (isSame && cases.isOnceEnough?.()) return true;
    const go = (index: number, findings: readonly Finding[]): boolean => {
      const part = parts[index];
      if (part === undefined) {
        cost += 1 + Math.floor(findings.length / findingsPerLook);
        return cost <= max && look(facts, picked, findings);
      }
      return (choices[index] as readonly Difference[]).every(({ places, said }) => {
        pick(part, places, facts, picked, domain);
        return go(index + 1, findings.length === 0 ? said : [...findings, ...said]);
      });
    };
    return go(0, said.flat());
  });
  return cost <= max;
}

/** What the rules say of one case. */
export function findingsFor(
  { policy, rules }: Pick<Cases, 'policy' | 'rules'>,
  facts: Facts,
): readonly Finding[] {
  return rules.flatMap((rule) => findingOf(rule, policy, facts));
}

/** Facts that some rule, or a law of the world, looks at together. */
interface Part {
  /** Places among the domain's dimensions. */
  readonly dimensions: readonly number[];
  readonly rules: readonly Remembered[];
  /** Those of whose values each counts. */
  readonly kept: readonly number[];
  readonly laws: readonly (typeof laws)[number][];
  readonly size: number;
  /** What else its rules and laws look at, which is settled before. */
  readonly outer: readonly number[];
  /** What was found for each choice of that. */
  readonly differences: Map<string, readonly Difference[]>;
  /** Lists of findings, each with a number. */
  readonly numbers: Map<readonly Finding[], number>;
  /** What was found, by what it is: the same is one object. */
  readonly distinct: Map<string, readonly Difference[]>;
}

/** A rule, with what it said of the cases that it could tell apart. */
interface Remembered {
  findingsIn(facts: Facts, picked: readonly number[]): readonly Finding[];
}

function partsOf({ policy, domain, rules, kept }: Cases): {
  alone: readonly Remembered[];
  parts: readonly Part[];
} {
  const names = domain.dimensions.map(({ name }) => name);
  const inner = names.slice(domain.outer);
  const spoken = laws.filter(({ paths }) => paths.every((path) => names.includes(path)));
  const links = [
    ...rules.map((rule) => inner.filter((name) => readBy(rule).has(name))),
    ...spoken.map(({ paths }) => inner.filter((name) => paths.includes(name))),
  ];
  const groups = joined(inner, links);
  const remembered = rules.map((rule) => ({ rule, ...remember(rule, policy, domain) }));
  const isWithin = (group: readonly string[], read: ReadonlySet<string>) =>
    group.some((name) => read.has(name));
  const parts = groups.map((group): Part => {
    const dimensions = group.map((name) => names.indexOf(name));
    const own = remembered.filter(({ rule }) => isWithin(group, readBy(rule)));
    const ruling = spoken.filter(({ paths }) => isWithin(group, new Set(paths)));
    const read = new Set([
      ...own.flatMap(({ rule }) => [...readBy(rule)]),
      ...ruling.flatMap(({ paths }) => paths),
    ]);
    return {
      dimensions,
      rules: own,
      kept: dimensions.filter((index) => isKept(names[index] as string, kept)),
      laws: ruling,
      size: dimensions.reduce((size, index) => size * choicesAt(domain, index).length, 1),
      outer: names.flatMap((name, index) => (index < domain.outer && read.has(name) ? [index] : [])),
      differences: new Map(),
      numbers: new Map(),
      distinct: new Map(),
    };
  });
  const alone = remembered.filter(({ rule }) => !isWithin(inner, readBy(rule)));
  return { alone, parts };
}

function choicesAt({ dimensions }: Domain, index: number): readonly Choice[] {
  return (dimensions[index] as Domain['dimensions'][number]).choices;
}

/** `bypass` changes a verdict by itself. */
function isKept(name: string, kept: readonly string[]): boolean {
  return name === 'bypass' || kept.some((path) => path === name || path.startsWith(`${name}.`));
}

function joined(
  names: readonly string[],
  links: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  let groups: readonly (readonly string[])[] = names.map((name) => [name]);
  for (const link of links) {
    const touched = groups.filter((group) => group.some((name) => link.includes(name)));
    if (touched.length > 1) groups = [...groups.filter((group) => !touched.includes(group)), touched.flat()];
  }
  return groups;
}

export interface Difference {
  readonly places: readonly number[];
  readonly said: readonly Finding[];
}

/** One choice of a part's facts for each thing that its rules say: the plainest. */
function differencesIn(part: Part, facts: Facts, picked: number[], domain: Domain): readonly Difference[] {
  const plainest = new Map<string, Difference & { readonly oddities: number }>();
  for (const places of placesOf(part, domain)) {
    pick(part, places, facts, picked, domain);
    if (!part.laws.every((law) => law.holds(facts))) continue;
    const lists = part.rules.map((rule) => rule.findingsIn(facts, picked));
    for (const list of lists) if (!part.numbers.has(list)) part.numbers.set(list, part.numbers.size);
    const said = lists.map((list) => part.numbers.get(list));
    const key = [...said, ...part.kept.map((index) => picked[index])].join();
    const oddities = places.filter((place) => place > 0).length;
    if (oddities < (plainest.get(key)?.oddities ?? Infinity)) {
      plainest.set(key, { places, said: lists.flat(), oddities });
    }
  }
  const found = [...plainest.values()];
  const content = [...plainest].map(([key, { places }]) => `${key}:${places}`).join(';');
  const known = part.distinct.get(content);
  if (known === undefined) part.distinct.set(content, found);
  return known ?? found;
}

function* placesOf({ dimensions }: Part, domain: Domain): Generator<readonly number[]> {
  const sizes = dimensions.map((index) => choicesAt(domain, index).length);
  const total = sizes.reduce((product, size) => product * size, 1);
  for (let number = 0; number < total; number += 1) {
    let rest = number;
    yield sizes.map((size) => {
      const place = rest % size;
      rest = Math.floor(rest / size);
      return place;
    });
  }
}

function pick(
  { dimensions }: Part,
  places: readonly number[],
  facts: Facts,
  picked: number[],
  domain: Domain,
): void {
  for (const [at, index] of dimensions.entries()) {
    const place = places[at] as number;
    picked[index] = place;
    domain.put(facts, index, place);
  }
}

function remember(rule: Rule, policy: Policy, { dimensions }: Domain): Remembered {
  const read = readBy(rule);
  const strides: { readonly index: number; readonly stride: number }[] = [];
  let stride = 1;
  for (const [index, { name, choices }] of dimensions.entries()) {
    if (!read.has(name)) continue;
    strides.push({ index, stride });
    stride *= choices.length;
  }
  const said = new Map<number, readonly Finding[]>();
  const alike = new Map<string, readonly Finding[]>([['[]', nothing]]);
  return {
    findingsIn(facts, picked) {
      const key = strides.reduce((sum, one) => sum + (picked[one.index] as number) * one.stride, 0);
      const known = said.get(key);
      if (known) return known;
      const findings = findingOf(rule, policy, facts);
      // The same in other words is the same: what it asks for and of whom, not which object says so.
      const content = JSON.stringify(findings.map(({ rule: _its, ...rest }) => rest));
      const kept = alike.get(content) ?? findings;
      alike.set(content, kept);
      said.set(key, kept);
      return kept;
    },
  };
}

/** One and the same for all: saying nothing is never a difference. */
const nothing: readonly Finding[] = [];

const readings = new WeakMap<Rule, ReadonlySet<string>>();

/** Names of the dimensions that it looks at. */
function readBy(rule: Rule): ReadonlySet<string> {
  const known = readings.get(rule);
  if (known) return known;
  const { when, unless, outcome, chosen, tiers, services, teams } = rule;
  const paths = [...(when?.reads ?? []), ...(unless?.reads ?? [])];
  const reads = (...starts: readonly string[]) =>
    paths.some((path) => starts.some((start) => path.startsWith(start)));
  // Whose groups are asked depends on who asks and on what, and on whose change it is where its authors are left out.
  const asked = requirementsIn(outcome);
  const hasHeader = [tiers, services, teams, chosen].some((one) => one !== undefined);
  const read = new Set([
    ...paths,
    ...(asked.length > 0 ? ['who', 'target'] : []),
    ...(asked.some(({ not }) => not.includes('author')) ? ['change.authors'] : []),
    ...(reads('requester.') ? ['who'] : []),
    ...(hasHeader || reads('target.', 'service.', 'input.') ? ['target'] : []),
    ...(outcome.kind === 'hold' ? ['windows', 'bypass'] : []),
    ...(reads('bypass.') ? ['bypass'] : []),
    ...(chosen ? [`input.${chosen.field}`] : []),
  ]);
  readings.set(rule, read);
  return read;
}

function requirementsIn(outcome: Rule['outcome']): readonly RuleRequirement[] {
  if (outcome.kind === 'require') return outcome.requirements;
  return outcome.kind === 'hold' ? outcome.override : [];
}
