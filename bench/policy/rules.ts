/** Twenty rules of a platform team, each said three times: for Greenlight, for Cedar and for json-rules-engine. */

/** What a condition of json-rules-engine looks at, and with what. */
export interface JsonCondition {
  readonly fact: string;
  readonly operator: string;
  readonly value: unknown;
}

export interface BenchRule {
  readonly id: string;
  readonly on: readonly string[];
  readonly tier?: string;
  readonly service?: string;
  readonly says: 'allow' | 'deny' | 'require';
  readonly cel?: string;
  /** Over `context`. Cedar has whole numbers only, so money is in cents. */
  readonly cedar?: string;
  readonly json?: readonly JsonCondition[];
}

const deploys = ['deploy', 'promote'];
const hands = ['restart', 'scale'];

const is = (fact: string, value: unknown): JsonCondition => ({ fact, operator: 'equal', value });
const above = (fact: string, value: number): JsonCondition => ({ fact, operator: 'greaterThan', value });
const has = (fact: string, value: string): JsonCondition => ({ fact, operator: 'contains', value });
const hasNot = (fact: string, value: string): JsonCondition => ({ fact, operator: 'doesNotContain', value });

const owns = 'service.owners.exists(owner, owner in requester.groups)';

export const twentyRules: readonly BenchRule[] = [
  {
    id: 'guests',
    on: ['create', ...deploys, ...hands],
    says: 'deny',
    cel: 'requester.kind != "member"',
    cedar: 'context.kind != "member"',
    json: [{ fact: 'kind', operator: 'notEqual', value: 'member' }],
  },
  {
    id: 'small',
    on: ['create'],
    tier: 'dev',
    says: 'allow',
    cel: 'input.cpu <= 4 && input.memoryGi <= 16',
    cedar: 'context.cpu <= 4 && context.memoryGi <= 16',
    json: [
      { fact: 'cpu', operator: 'lessThanInclusive', value: 4 },
      { fact: 'memoryGi', operator: 'lessThanInclusive', value: 16 },
    ],
  },
  {
    id: 'more-cpu',
    on: ['create'],
    says: 'require',
    cel: 'input.cpu > 4',
    cedar: 'context.cpu > 4',
    json: [above('cpu', 4)],
  },
  {
    id: 'more-memory',
    on: ['create'],
    says: 'require',
    cel: 'input.memoryGi > 16',
    cedar: 'context.memoryGi > 16',
    json: [above('memoryGi', 16)],
  },
  {
    id: 'too-large',
    on: ['create'],
    says: 'deny',
    cel: 'input.cpu > 16',
    cedar: 'context.cpu > 16',
    json: [above('cpu', 16)],
  },
  {
    id: 'many',
    on: ['create'],
    says: 'require',
    cel: 'usage.environmentsAlive >= 3',
    cedar: 'context.alive >= 3',
    json: [above('alive', 2)],
  },
  {
    id: 'dear',
    on: ['create'],
    says: 'require',
    cel: 'cost.perDay > 15',
    cedar: 'context.centsPerDay > 1500',
    json: [above('centsPerDay', 1500)],
  },
  {
    id: 'staging-own',
    on: deploys,
    tier: 'staging',
    says: 'allow',
    cel: owns,
    cedar: 'context.owners.containsAny(context.groups)',
    json: [is('owns', true)],
  },
  {
    id: 'staging-other',
    on: deploys,
    tier: 'staging',
    says: 'require',
    cel: `!${owns}`,
    cedar: '!context.owners.containsAny(context.groups)',
    json: [is('owns', false)],
  },
  { id: 'production', on: deploys, tier: 'production', says: 'require' },
  {
    id: 'red',
    on: deploys,
    tier: 'production',
    says: 'deny',
    cel: 'change.checks == "red"',
    cedar: 'context.checks == "red"',
    json: [is('checks', 'red')],
  },
  {
    id: 'migrations',
    on: deploys,
    tier: 'production',
    says: 'require',
    cel: 'change.migrations',
    cedar: 'context.migrations',
    json: [is('migrations', true)],
  },
  {
    id: 'order',
    on: deploys,
    says: 'deny',
    cel: 'change.order == "skipped"',
    cedar: 'context.order == "skipped"',
    json: [is('order', 'skipped')],
  },
  {
    id: 'large-change',
    on: deploys,
    tier: 'production',
    says: 'require',
    cel: 'change.commits > 50',
    cedar: 'context.commits > 50',
    json: [above('commits', 50)],
  },
  {
    id: 'night',
    on: deploys,
    tier: 'production',
    says: 'deny',
    cel: 'time.hour >= 22 && !("sre" in requester.groups)',
    cedar: 'context.hour >= 22 && !context.groups.contains("sre")',
    json: [above('hour', 21), hasNot('groups', 'sre')],
  },
  {
    id: 'locked',
    on: [...deploys, ...hands],
    says: 'deny',
    cel: 'lock.heldBy != "" && !lock.isOwn',
    cedar: 'context.lockedBy != "" && !context.lockIsOwn',
    json: [{ fact: 'lockedBy', operator: 'notEqual', value: '' }, is('lockIsOwn', false)],
  },
  { id: 'hands', on: hands, tier: 'staging', says: 'allow' },
  {
    id: 'hands-on-call',
    on: hands,
    tier: 'production',
    says: 'allow',
    cel: 'requester.onCall && "sre" in requester.groups',
    cedar: 'context.onCall && context.groups.contains("sre")',
    json: [is('onCall', true), has('groups', 'sre')],
  },
  {
    id: 'hands-off-call',
    on: hands,
    tier: 'production',
    says: 'require',
    cel: '!requester.onCall',
    cedar: '!context.onCall',
    json: [is('onCall', false)],
  },
  {
    id: 'checkout-frozen',
    on: deploys,
    service: 'checkout',
    says: 'deny',
    cel: 'time.weekday == "friday"',
    cedar: 'context.weekday == "friday"',
    json: [is('weekday', 'friday')],
  },
];

/** The twenty, and a rule of its own for each of many services: how such a file grows. */
export function rulesOf(size: number): readonly BenchRule[] {
  const more = Array.from(
    { length: size - twentyRules.length },
    (_, number): BenchRule => ({
      id: `fragile-${number}`,
      on: deploys,
      service: `svc-${number}`,
      says: 'require',
      cel: 'change.commits > 5',
      cedar: 'context.commits > 5',
      json: [above('commits', 5)],
    }),
  );
  return [...twentyRules, ...more];
}
