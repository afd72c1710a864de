/** Three engines behind one question: what do these rules say of these facts? */
import {
  type EntityUidJson,
  preparsePolicySet,
  type StatefulAuthorizationCall,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs';
import { Engine as JsonRules } from 'json-rules-engine';
import { evaluate } from '../../src/approvals/evaluate.ts';
import { type Policy, readPolicy } from '../../src/approvals/policy.ts';
import type { Catalog } from '../../src/core/catalog.ts';
import type { Facts } from '../../src/core/facts.ts';
import { formatMistake } from '../../src/documents/document.ts';
import type { BenchRule } from './rules.ts';

export interface BenchEngine {
  readonly name: string;
  /** Facts as this engine takes them: made before the time is taken. */
  prepare(facts: Facts): unknown;
  judge(prepared: unknown): Outcome | Promise<Outcome>;
}

export type Outcome = 'allow' | 'deny' | 'require_approval';

export function greenlight(rules: readonly BenchRule[], catalog: Catalog): BenchEngine {
  const policy = policyOf(rules, catalog);
  return {
    name: 'Greenlight',
    prepare: (facts) => facts,
    judge: (facts) => evaluate(policy, facts as Facts).outcome as Outcome,
  };
}

const input = {
  type: 'object',
  properties: { cpu: { type: 'number' }, memoryGi: { type: 'number' } },
};

export function policyOf(rules: readonly BenchRule[], catalog: Catalog): Policy {
  const says = {
    allow: { allow: 'x' },
    deny: { deny: 'x' },
    require: { require: { from: 'sre', because: 'x' } },
  };
  const list = rules.map(({ id, on, tier, service, cel, says: outcome }) => ({
    ...{ id, on, tier, service, when: cel },
    ...says[outcome],
  }));
  const subjects = Object.fromEntries(
    ['create', 'deploy', 'promote', 'restart', 'scale'].map((name) => [
      name,
      name === 'create'
        ? { effect: 'create' as const, input }
        : { effect: 'change' as const, input: { type: 'object', properties: {} } },
    ]),
  );
  const read = readPolicy({ file: 'bench', text: JSON.stringify({ rules: list }) }, subjects, catalog);
  if (!read.ok) throw new Error(read.mistakes.map(formatMistake).join('\n'));
  return read.value;
}

const uid = (type: string, id: string): EntityUidJson => ({ type, id });

/** Parsed once and kept inside the wasm module: its fastest way. An approval is a permit of another name. */
export function cedar(rules: readonly BenchRule[]): BenchEngine {
  const name = `rules-${rules.length}`;
  const staticPolicies = Object.fromEntries(
    rules.map((rule) => [`${rule.says}-${rule.id}`, cedarText(rule)]),
  );
  const parsed = preparsePolicySet(name, { staticPolicies });
  if (parsed.type === 'failure') throw new Error(JSON.stringify(parsed.errors));
  return {
    name: 'Cedar',
    prepare: ({ action, service, ...facts }): StatefulAuthorizationCall => ({
      principal: uid('User', facts.requester.id),
      action: uid('Action', action),
      resource: uid('Service', service.name),
      context: flat({ action, service, ...facts }),
      preparsedPolicySetId: name,
      entities: [],
    }),
    judge: (call) => {
      const answer = statefulIsAuthorized(call as StatefulAuthorizationCall);
      if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
      const { decision, diagnostics } = answer.response;
      if (decision === 'deny') return 'deny';
      return diagnostics.reason.some((id) => id.startsWith('require-')) ? 'require_approval' : 'allow';
    },
  };
}

function cedarText({ on, tier, service, says, cedar: body }: BenchRule): string {
  const actions = on.map((name) => `Action::"${name}"`).join(', ');
  const resource = service === undefined ? 'resource' : `resource == Service::"${service}"`;
  const conditions = [
    ...(tier === undefined ? [] : [`context.tier == "${tier}"`]),
    ...(body === undefined ? [] : [body]),
  ];
  const when = conditions.length === 0 ? '' : ` when { ${conditions.join(' && ')} }`;
  return `${says === 'deny' ? 'forbid' : 'permit'}(principal, action in [${actions}], ${resource})${when};`;
}

export function jsonRulesEngine(rules: readonly BenchRule[]): BenchEngine {
  const engine = new JsonRules([], { allowUndefinedFacts: true });
  for (const { on, tier, service, says, json = [] } of rules) {
    const all = [
      { fact: 'action', operator: 'in', value: on },
      ...(tier === undefined ? [] : [{ fact: 'tier', operator: 'equal', value: tier }]),
      ...(service === undefined ? [] : [{ fact: 'service', operator: 'equal', value: service }]),
      ...json,
    ];
    engine.addRule({ conditions: { all }, event: { type: says } });
  }
  return {
    name: 'json-rules-engine',
    prepare: flat,
    judge: async (facts) => {
      const { events } = await engine.run(facts as Record<string, unknown>);
      const types = new Set(events.map(({ type }) => type));
      if (types.has('deny') || types.size === 0) return 'deny';
      return types.has('require') ? 'require_approval' : 'allow';
    },
  };
}

/** Without depth, as both peers like it best. */
function flat({ action, requester, target, service, input: asked, change, cost, usage, lock, time }: Facts) {
  const { cpu = 0, memoryGi = 0 } = asked as { cpu?: number; memoryGi?: number };
  return {
    ...{
      action,
      kind: requester.kind,
      groups: requester.groups,
      onCall: requester.onCall,
      tier: target.tier,
    },
    ...{ service: service.name, owners: service.owners, cpu, memoryGi },
    owns: service.owners.some((owner) => requester.groups.includes(owner)),
    ...{ alive: usage.environmentsAlive, centsPerDay: cost.perDay * 100, checks: change.checks },
    ...{ migrations: change.migrations, order: change.order, commits: change.commits },
    ...{ hour: time.hour, weekday: time.weekday, lockedBy: lock.heldBy, lockIsOwn: lock.isOwn },
  };
}
