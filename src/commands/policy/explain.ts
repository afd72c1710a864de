/** `greenlight policy explain "/deploy payments v1.4.2 to production" --as priya@acme.example`: the verdict, and every rule's part in it. */
import { evaluate } from '../../approvals/evaluate.ts';
import { describeVerdict } from '../../approvals/explain.ts';
import type { Policy } from '../../approvals/policy.ts';
import { type Considered, traceRules } from '../../approvals/trace.ts';
import type { Action, KnownEnvironment, Target } from '../../core/action.ts';
import { type Catalog, groupsOf, groupTitles } from '../../core/catalog.ts';
import { dayMs } from '../../core/duration.ts';
import type { Bypass } from '../../core/glass.ts';
import { type Moment, personIdSchema, requestIdOf } from '../../core/ids.ts';
import { wallOf } from '../../core/moment.ts';
import { type Person, systemPerson } from '../../core/person.ts';
import { ProblemError, problem, type Result } from '../../core/problem.ts';
import { didYouMean, listOf } from '../../core/text.ts';
import { parseCommand } from '../../handlers/parse-command.ts';
import { assumedFacts, assumptionsOf } from './assumed-facts.ts';
import { loadPolicy, type World, type Write } from './files.ts';
import { momentOf } from './moment-of.ts';

export interface ExplainOptions {
  readonly file: string;
  readonly line: string;
  /** An e-mail address of the catalog, or what stands before its @; `system` is Greenlight itself. */
  readonly as: string;
  /** `2026-11-21 18:00` in the catalog's zone, or with an offset; now when not given. */
  readonly at: string | undefined;
  readonly facts: readonly string[];
  readonly unknown: readonly string[];
}

/** @throws ProblemError when the line, the person, the time or a fact cannot be read. */
export async function policyExplain(
  options: ExplainOptions,
  now: Moment,
  world: World,
  write: Write,
): Promise<void> {
  const policy = await loadPolicy(options.file, world);
  const { catalog } = world;
  const requester = personNamed(catalog, options.as);
  const { actionName, action, input, bypass } = askedFor(world, options.line);
  const at = options.at === undefined ? now : momentOf(options.at, catalog.zone);
  const { target, note } = targetOf(world, { action, input, requester, at });
  const supposed = { action, actionName, input, target, requester, at, bypass };
  const { facts: given, unknown } = options;
  const facts = assumedFacts(policy, catalog, { ...supposed, given, unknown });
  const considered = traceRules(policy, facts);

  write(describeVerdict(evaluate(policy, facts), groupTitles(catalog), catalog.zone));
  const who = requester.email ?? 'Greenlight itself';
  const groups = facts.requester.groups.length > 0 ? ` of ${listOf(facts.requester.groups)}` : '';
  write(
    `${actionName} of ${target.name} (${target.tier}), asked for by ${who}${groups}, ${wallOf(at, catalog.zone)} ${catalog.zone}`,
  );
  tellRules(considered, write);
  for (const line of [...(note === undefined ? [] : [note]), ...world.notes]) write(line);
  for (const line of assumptionsOf(facts, readsOf(policy, actionName), given)) write(line);
}

function tellRules(considered: readonly Considered[], write: Write): void {
  const groups = [
    { title: 'Counts', rules: considered.filter(({ rule, counts }) => counts && rule.mode === 'enforce') },
    {
      title: 'Only told or recorded',
      rules: considered.filter(({ rule, counts }) => counts && rule.mode !== 'enforce'),
    },
    { title: 'Does not', rules: considered.filter(({ counts }) => !counts) },
  ];
  for (const { title, rules } of groups) {
    if (rules.length > 0) write(`${title}:`);
    for (const { rule, why } of rules) write(`  ${rule.id} (${rule.outcome.kind}): ${why}`);
  }
}

function readsOf(policy: Policy, action: string): string[] {
  const rules = policy.rulesOf.get(action) ?? [];
  return rules.flatMap(({ when, unless }) => [...(when?.reads ?? []), ...(unless?.reads ?? [])]);
}

function personNamed(catalog: Catalog, named: string): Person {
  if (named === 'system') return systemPerson;
  const known = [...new Set(Object.values(catalog.groups).flatMap(({ members }) => members))];
  const found = known.filter((email) => email === named || email.startsWith(`${named}@`));
  const [email] = found.length === 1 ? found : named.includes('@') ? [named] : [];
  if (email === undefined) {
    throw badLine(
      `Nobody in the catalog is "${named}".${didYouMean(named, known)}`,
      'Write an e-mail address.',
    );
  }
  return { id: personIdSchema.parse('U0'), name: email, kind: 'member', email };
}

interface Asked {
  readonly actionName: string;
  readonly action: Action;
  readonly input: Readonly<Record<string, unknown>>;
  readonly bypass: Bypass | undefined;
}

function askedFor({ actions, catalog }: World, line: string): Asked {
  const [, slash = '', text = ''] = /^(\/\S+)\s*(.*)$/s.exec(line.trim()) ?? [];
  const group = [...actions]
    .filter(([, { command }]) => command.slash === slash)
    .map(([name, action]) => ({ name, action }));
  if (group.length === 0) {
    const known = [...new Set([...actions.values()].map(({ command }) => command.slash))];
    throw badLine(`There is no command "${slash}".${didYouMean(slash, known)}`, 'Write a line as in Slack.');
  }
  const parsed = parseCommand(slash, group, text, (name, input) =>
    actions.get(name)?.further?.(input, catalog),
  );
  if (parsed.kind === 'problem') throw new ProblemError(parsed.problem);
  const action = parsed.kind === 'help' ? undefined : actions.get(parsed.action);
  if (!action || parsed.kind !== 'ask')
    throw badLine(`"${line}" says too little.`, 'Write all that it needs.');
  return { actionName: parsed.action, action, input: parsed.input, bypass: parsed.bypass };
}

function targetOf(
  { catalog }: World,
  { action, input, requester, at }: Pick<Asked, 'action' | 'input'> & { requester: Person; at: Moment },
): { readonly target: Target; readonly note?: string } {
  const groups = groupsOf(catalog, requester.email);
  const team = groups.find((group) => catalog.environments.teams.includes(group)) ?? '';
  const parsed = action.input.parse(input);
  const asIf = (environments: readonly KnownEnvironment[]): Result<Target> =>
    action.target(parsed, { catalog, requesterGroups: groups, environments, now: at });
  const first = asIf([]);
  if (first.ok) return { target: first.value };
  const name = typeof input.name === 'string' ? input.name : '';
  const second = asIf([livingAs(name, team, catalog, at)]);
  if (!second.ok) throw new ProblemError(first.problem);
  const note = `Assumed: there is an environment "${name}" of ${team || 'nobody'}. Say otherwise with --fact target.team=...`;
  return { target: second.value, note };
}

function livingAs(name: string, team: string, catalog: Catalog, at: Moment): KnownEnvironment {
  return {
    ...{ name, team, url: '', namespace: `env-${name}`, cluster: catalog.environments.cluster },
    blueprint: Object.keys(catalog.blueprints)[0] ?? '',
    requestId: requestIdOf(1),
    expiresAt: at + dayMs,
  };
}

function badLine(sentence: string, next: string): ProblemError {
  return new ProblemError(problem('bad_input', sentence, next));
}
