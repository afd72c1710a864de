/** Requests to judge: the same facts for every engine. */
import { type Facts, noChange, noLock, nothingSpecial, weekdays } from '../../src/core/facts.ts';

const groups = [['checkout'], ['payments'], ['sre'], []] as const;
const owners = { payments: 'payments', checkout: 'checkout', 'svc-5': 'sre' } as const;
const services = Object.keys(owners) as (keyof typeof owners)[];
const actions = ['create', 'deploy', 'deploy', 'promote', 'restart', 'scale'] as const;

/** As many as asked for, each another; the same in every run. */
export function cases(count: number): readonly Facts[] {
  return Array.from({ length: count }, (_, number) => caseOf(number));
}

function caseOf(number: number): Facts {
  const pick = <One>(list: readonly One[], step: number): One => list[(number * step) % list.length] as One;
  const action = pick(actions, 1);
  const service = pick(services, 7);
  const isCreate = action === 'create';
  const tier = isCreate ? 'dev' : pick(['staging', 'production', 'production'] as const, 5);
  return {
    ...nothingSpecial,
    action,
    effect: isCreate ? 'create' : 'change',
    requester: {
      id: 'U0DANA',
      kind: pick(['member', 'member', 'member', 'guest'] as const, 13),
      email: 'dana@acme.example',
      groups: [...pick(groups, 3)],
      onCall: number % 2 === 0,
      manager: '',
    },
    input: isCreate ? { cpu: pick([1, 4, 8, 32], 11), memoryGi: pick([2, 16, 64], 17) } : {},
    target: { kind: 'service', name: service, tier, team: owners[service] },
    service: isCreate ? { name: '', owners: [] } : { name: service, owners: [owners[service]] },
    environment: {
      ...{ ageHours: 0, hoursLeft: 0, timesExtended: 0, extendedHours: 0, addedHours: 0, idleHours: 0 },
      isAsleep: false,
    },
    change: {
      ...noChange,
      commits: pick([1, 8, 60], 19),
      checks: pick(['green', 'green', 'red'] as const, 23),
      migrations: number % 5 === 0,
      order: pick(['kept', 'kept', 'kept', 'skipped'] as const, 29),
    },
    cost: { perHour: 0.5, perDay: pick([3, 12, 20], 31) },
    usage: { environmentsAlive: pick([0, 2, 3], 37), requestsLastHour: 1, requestsLastDay: 2 },
    lock: number % 7 === 0 ? { heldBy: 'max@acme.example', isOwn: false, isGlobal: false } : noLock,
    windows: [],
    time: {
      at: Date.UTC(2026, 10, 25, 11),
      hour: pick([9, 14, 23], 41),
      weekday: pick(weekdays, 43),
      zone: 'Europe/Berlin',
    },
    unknown: [],
  };
}
