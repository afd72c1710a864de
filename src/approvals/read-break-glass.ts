/** Who may break glass, as a policy file says it. */
import { effects } from '../core/facts.ts';
import type { Mistake } from '../documents/document.ts';
import { type BreakGlass, bypassable } from './break-glass.ts';
import { actionsOf, checkNames, complaintsInto } from './complain.ts';
import type { RulesContext } from './read-rules.ts';

export function readBreakGlass({
  file,
  subjects,
  words,
  members,
  groupsElsewhere,
  positions,
}: RulesContext): {
  breakGlass: readonly BreakGlass[];
  mistakes: readonly Mistake[];
} {
  const mistakes: Mistake[] = [];
  const ids = [...file.rules.map(({ id }) => id), ...Object.keys(file.limits)];
  const known = [...bypassable, ...ids];
  const breakGlass = file.break_glass.map((one, index): BreakGlass => {
    const complain = complaintsInto(mistakes, positions, 'break_glass', ['break_glass', index]);
    checkNames(one.who, words.groups, 'group', ['who'], complain);
    checkNames(one.on, [...Object.keys(subjects), ...effects], 'action or effect', ['on'], complain);
    checkNames(one.service, words.services, 'service', ['service'], complain);
    checkNames(one.team, words.groups, 'group', ['team'], complain);
    checkNames(one.bypasses, known, 'kind of rule, rule or limit', ['bypasses'], complain);
    checkNames(one.review, words.groups, 'group', ['review'], complain);
    for (const both of one.bypasses.filter((word) => ids.includes(word) && isBypassable(word))) {
      complain.at(['bypasses'], `"${both}" is a kind of rule, and one rule's name: give the rule another.`);
    }
    const reviewers = new Set(one.review.flatMap((name) => [...(members.get(name) ?? [])]));
    const isKnown = one.review.every((name) => members.has(name) && !groupsElsewhere.has(name));
    if (isKnown && reviewers.size < 2) {
      complain.at(['review'], 'two people at least, or one of them could never be looked at by another.');
    }
    return {
      ...{ who: one.who, actions: actionsOf(one, subjects), bypasses: one.bypasses, review: one.review },
      ...{ tiers: one.tier, services: one.service, teams: one.team },
      ...(one.step_up ? { stepUp: one.step_up } : {}),
    };
  });
  return { breakGlass, mistakes };
}

function isBypassable(word: string): boolean {
  return (bypassable as readonly string[]).includes(word);
}
