/** The limits of a policy file. */
import { effects } from '../core/facts.ts';
import { didYouMean, listOf } from '../core/text.ts';
import type { Mistake } from '../documents/document.ts';
import { type Complain, checkNames, complaintsInto } from './complain.ts';
import type { LimitMeasure, LimitRule } from './limits.ts';
import type { RuleOutcome } from './policy.ts';
import type { LimitInFile } from './policy-schema.ts';
import { type RulesContext, readRequirement, readSpoken } from './read-rules.ts';

export interface LimitsContext extends RulesContext {
  readonly currency: string;
}

export function readLimits(context: LimitsContext): {
  limits: readonly LimitRule[];
  mistakes: readonly Mistake[];
} {
  const mistakes: Mistake[] = [];
  const ids = new Set(context.file.rules.map(({ id }) => id));
  const limits = Object.entries(context.file.limits).map(([name, limit]) => {
    const complain = complaintsInto(mistakes, context.positions, `limit "${name}"`, ['limits', name]);
    if (ids.has(name)) complain.at([], 'a rule has this name already.');
    return readLimit(name, limit, context, complain);
  });
  return { limits, mistakes };
}

function readLimit(name: string, limit: LimitInFile, context: LimitsContext, complain: Complain): LimitRule {
  const { words, subjects } = context;
  checkNames(limit.on, [...Object.keys(subjects), ...effects], 'action or effect', ['on'], complain);
  checkNames(limit.service, words.services, 'service', ['service'], complain);
  checkNames(limit.team, words.groups, 'group', ['team'], complain);
  for (const team of Object.keys(limit.money_of ?? {})) {
    if (words.groups.includes(team)) continue;
    complain.at(['money_of', team], `there is no group "${team}".${didYouMean(team, words.groups)}`);
  }
  const { title = name, per, mode } = limit;
  const { actions, chosen } = readSpoken(limit, context, complain);
  return {
    ...{ id: name, mode, actions },
    ...(chosen ? { chosen } : {}),
    ...{ tiers: limit.tier, services: limit.service, teams: limit.team, when: undefined, unless: undefined },
    outcome: readBeyond(limit.beyond, context, complain),
    limit: { title, per, measure: readMeasure(limit, context.currency, complain) },
  };
}

const kinds = ['requests', 'alive', 'money'] as const;
const wantedBeside = { requests: ['within'], alive: [], money: ['every'] } as const;

function readMeasure(limit: LimitInFile, currency: string, complain: Complain): LimitMeasure {
  const given = kinds.filter((kind) => limit[kind] !== undefined);
  const [kind = 'alive'] = given;
  if (given.length !== 1) {
    const found = given.length === 0 ? 'none' : listOf(given);
    complain.at([], `say exactly one of ${listOf(kinds, 'or')}; here is ${found}.`);
  }
  const wanted: readonly string[] = wantedBeside[kind];
  for (const field of ['within', 'every'] as const) {
    const isThere = limit[field] !== undefined;
    if (isThere !== wanted.includes(field)) {
      complain.at(
        [],
        isThere ? `"${field}" says nothing with ${kind}.` : `with ${kind}, say "${field}" too.`,
      );
    }
  }
  if (limit.money_of && (kind !== 'money' || limit.per !== 'team')) {
    complain.at(['money_of'], 'only money per team can be another amount for a team.');
  }
  const { within: withinMs = 0, every = 'month', money_of: maxOf = {} } = limit;
  const max = limit[kind] ?? 0;
  if (kind === 'money') return { kind, max, maxOf, every, currency };
  return kind === 'requests' ? { kind, max, withinMs } : { kind, max };
}

function readBeyond(
  { deny, require }: LimitInFile['beyond'],
  context: LimitsContext,
  complain: Complain,
): RuleOutcome {
  if ((deny === undefined) === (require === undefined)) {
    complain.at(['beyond'], 'say either "deny" or "require".');
  }
  if (require === undefined) return { kind: 'deny', because: deny ?? '' };
  const requirements = require.map((one, index) =>
    readRequirement(one, ['beyond', 'require', index], context, complain),
  );
  return { kind: 'require', requirements };
}
