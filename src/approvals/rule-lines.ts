/** Rules in words, for whoever they concern. Pure. */
import type { RuleLine } from '../core/guardrails.ts';
import type { Standing } from '../core/person.ts';
import { count, listOf } from '../core/text.ts';
import { type GroupTitles, titleOf } from './group-titles.ts';
import type { Policy, Rule, RuleRequirement } from './policy.ts';

/** `actions`: those that they may ask for. */
export function linesFor(
  policy: Policy,
  { person, groups }: Standing,
  actions: readonly string[],
  titles: GroupTitles,
): readonly RuleLine[] {
  const known = groups === 'unknown' ? [] : groups;
  const requester = { id: person.id, kind: person.kind, email: person.email ?? '', groups: known };
  const asks = (rule: Rule) =>
    requirementsOf(rule).some(({ from }) => from.some((group) => known.includes(group)));
  const isTheirs = (rule: Rule) => rule.actions.some((name) => actions.includes(name));
  return policy.rules
    .filter((rule) => asks(rule) || (isTheirs(rule) && maySpeakOf(requester, rule)))
    .map((rule) => ({
      ...{ id: rule.id, mode: rule.mode, kind: rule.outcome.kind, actions: rule.actions },
      text: textOf(rule, titles),
      asksReader: asks(rule),
    }));
}

/** What a rule says of the requester alone can be told without a request: `requester.kind == "system"` is not them. */
function maySpeakOf(requester: Readonly<Record<string, unknown>>, { when, unless }: Rule): boolean {
  const isKnown = (reads: readonly string[]) =>
    reads.every((path) => path.startsWith('requester.') && Object.hasOwn(requester, path.slice(10)));
  if (when && isKnown(when.reads) && !when.test({ requester })) return false;
  return !(unless && isKnown(unless.reads) && unless.test({ requester }));
}

function requirementsOf({ outcome }: Rule): readonly RuleRequirement[] {
  return outcome.kind === 'require' ? outcome.requirements : [];
}

function textOf(rule: Rule, titles: GroupTitles): string {
  const { outcome } = rule;
  switch (outcome.kind) {
    case 'allow':
    case 'deny':
      return outcome.because;
    case 'hold':
      return `${outcome.because} (${outcome.window.title})`;
    case 'require':
      return listOf(
        outcome.requirements.map(
          (one) => `${one.because}: ${count(one.count, 'approval')} from ${groupsText(one, titles)}`,
        ),
      );
  }
}

const openGroups: Readonly<Record<string, string>> = {
  owners: 'the owners of the service',
  team: 'the team that owns it',
};

function groupsText({ from }: RuleRequirement, titles: GroupTitles): string {
  return listOf(
    from.map((group) => openGroups[group] ?? titleOf(group, titles)),
    'or',
  );
}
