/** What may become of an environment, and what each event makes of its life. */
import { describe, expect, test } from 'vitest';
import { advance } from '../../src/core/advance.ts';
import type { Blueprint } from '../../src/core/blueprint.ts';
import { costLines, costSums } from '../../src/core/cost-report.ts';
import { hourMs } from '../../src/core/duration.ts';
import { awakeCost, costNow, environmentRecord } from '../../src/core/environment-record.ts';
import { apply } from '../../src/core/fold.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { centsBetween, type LifeChange, type LifeSighting } from '../../src/core/life.ts';
import { nightsText } from '../../src/core/lifetime.ts';
import { lifeOf } from '../../src/core/live-on.ts';
import { isOver } from '../../src/core/live-rules.ts';
import { ProblemError, problem } from '../../src/core/problem.ts';
import type { PlatformRequest, RequestEvent } from '../../src/core/request.ts';
import { evaluated, requestAfter } from './requests.ts';

const environment = {
  name: 'pr-12',
  blueprint: 'worker',
  team: 'checkout',
  cluster: 'c',
  namespace: 'env-pr-12',
  requestId: requestIdOf(12),
  url: 'u',
  expiresAt: 100 * hourMs,
};

function madeFor(perHour: number | 'unknown' | undefined): PlatformRequest {
  const judged = evaluated('allow');
  if (judged.type !== 'evaluated') throw new Error('no judgement');
  const cost = typeof perHour === 'number' ? { perHour, perDay: perHour * 24 } : perHour;
  return requestAfter(
    { ...judged, preview: { ...judged.preview, ...(cost === undefined ? {} : { cost }) } },
    { type: 'approved', at: 2_000, because: 'policy' },
    { type: 'started', at: 3_000, plan: [] },
    { type: 'succeeded', at: 4_000, outputs: { links: [], notes: [], environment } },
  );
}

const living = madeFor(1);
let number = 20;

function having(request: PlatformRequest, change: LifeChange, now = hourMs, isUse = true): PlatformRequest {
  number += 1;
  const command = { type: 'change_life', by: requestIdOf(number), isUse, change } as const;
  const advanced = advance(request, command, now);
  if (!advanced.ok) throw new Error(advanced.problem.sentence);
  return advanced.events.reduce(apply, request);
}

function seen(request: PlatformRequest, sighting: LifeSighting, now = 2 * hourMs): PlatformRequest {
  const advanced = advance(request, { type: 'sight', sighting }, now);
  if (!advanced.ok) throw new Error(advanced.problem.sentence);
  return advanced.events.reduce(apply, request);
}

const end = environment.expiresAt;
const asleep = having(living, { type: 'slept', perHour: 100_000 });

describe('a life', () => {
  test.each([
    [1, 1_000_000],
    ['unknown', 0],
    [undefined, 0],
  ] as const)('that costs %s an hour begins when its parts do', (cost, perHour) => {
    expect(lifeOf(madeFor(cost))).toEqual({
      spans: [{ from: 3_000, isAsleep: false, perHour, team: living.target.team }],
      changedBy: [],
      usedAt: 4_000,
    });
  });

  test('of what was never started or ended counts from the asking', () => {
    expect(lifeOf(requestAfter())).toMatchObject({ spans: [{ from: 1_000 }], usedAt: 1_000 });
  });

  test('sleeps at its price, until when it is said, and wakes', () => {
    const until = having(living, { type: 'slept', perHour: 1, wakesAt: 9 * hourMs });
    expect(until.life?.sleep).toEqual({ since: hourMs, wakesAt: 9 * hourMs });
    expect(asleep.life?.sleep).toEqual({ since: hourMs });
    const awake = having(asleep, { type: 'woken', perHour: 2_000_000 }, 2 * hourMs);
    expect(awake.life).not.toHaveProperty('sleep');
    expect(awake.life?.spans.map(({ isAsleep, perHour }) => [isAsleep, perHour])).toEqual([
      [false, 1_000_000],
      [true, 100_000],
      [false, 2_000_000],
    ]);
  });

  test('that sleeps may end later for it', () => {
    const later = having(living, { type: 'slept', perHour: 1, end: { from: end, until: end + hourMs } });
    expect(later.outputs?.environment?.expiresAt).toBe(end + hourMs);
    expect(later.dueAt).toBe(end);
  });

  test('is used by people, and not by schedules', () => {
    const by = (isUse: boolean) => having(living, { type: 'slept', perHour: 1 }, hourMs, isUse).life?.usedAt;
    expect([by(true), by(false)]).toEqual([hourMs, 4_000]);
    expect(seen(living, { type: 'used' }).life?.usedAt).toBe(2 * hourMs);
  });

  test('has nights of its own, none, or those of all', () => {
    const own = having(living, { type: 'scheduled', nights: { from: '20:00', to: '07:00' } });
    expect(own.life?.nights).toEqual({ from: '20:00', to: '07:00' });
    expect(having(own, { type: 'scheduled', nights: 'off' }).life?.nights).toBe('off');
    expect(having(own, { type: 'scheduled', nights: 'default' }).life).not.toHaveProperty('nights');
    expect(['off', 'default'].map((one) => nightsText(one as 'off'))).toEqual([
      'never by itself',
      'as all others do',
    ]);
    expect(nightsText({ from: '20:00', to: '07:00' })).toBe('20:00 to 07:00');
  });

  test('is kept, handed over and repaired by requests that it remembers', () => {
    const kept = having(living, { type: 'kept', from: end, until: 2 * end });
    expect(kept).toMatchObject({
      outputs: { environment: { expiresAt: 2 * end } },
      life: { usedAt: hourMs },
    });
    expect(kept.life?.keptBy).toBe(kept.life?.changedBy[0]);
    const handed = having(kept, { type: 'handed_over', team: 'payments' }, 2 * hourMs);
    expect(handed).toMatchObject({
      target: { team: 'payments' },
      outputs: { environment: { team: 'payments' } },
    });
    expect(handed.life?.spans.at(-1)).toMatchObject({ perHour: 1_000_000, team: 'payments' });
    expect(having(handed, { type: 'repaired' }).life?.changedBy).toHaveLength(3);
  });

  test('costs what it cost then, asleep or awake, when the catalog changes', () => {
    const dear = seen(asleep, { type: 'repriced', perHour: 500_000 });
    expect(dear.life?.spans.at(-1)).toEqual({
      from: 2 * hourMs,
      isAsleep: true,
      perHour: 500_000,
      team: living.target.team,
    });
    expect(centsBetween(lifeOf(dear), hourMs, 4 * hourMs)).toBe(10 + 100);
  });

  test('that is gone is over, and nothing more is seen of it', () => {
    const gone = seen(living, { type: 'gone' });
    expect(isOver(gone)).toBe(true);
    expect(gone).not.toHaveProperty('dueAt');
    expect(centsBetween(lifeOf(gone), 0, 50 * hourMs)).toBe(200);
    expect(seen(gone, { type: 'used' }, 3 * hourMs)).toBe(gone);
    expect(having(gone, { type: 'retired' })).toBe(gone);
  });
});

test.each([
  ['asleep cannot be put to sleep', asleep, { type: 'slept', perHour: 1 }, 'sleeps already'],
  ['awake cannot be woken', living, { type: 'woken', perHour: 1 }, 'is awake'],
  ['whose end was moved is not kept', living, { type: 'kept', from: 1, until: 2 }, 'was moved meanwhile'],
  [
    'whose end was moved does not sleep past it',
    living,
    { type: 'slept', perHour: 1, end: { from: 1, until: 2 } },
    'was moved meanwhile',
  ],
  ['that is gone is not repaired', seen(living, { type: 'gone' }), { type: 'repaired' }, 'is over'],
] as const)('an environment %s', (_which, request, change, why) => {
  expect(() => having(request, change)).toThrow(why);
});

test('nothing is seen of a request that made no environment', () => {
  expect(advance(requestAfter(), { type: 'sight', sighting: { type: 'used' } }, 1)).toEqual({
    ok: true,
    events: [],
  });
});

test('events of what made no environment are survived: they could only come from a damaged file', () => {
  const bare = requestAfter();
  const handed: RequestEvent = { type: 'handed_over', at: 1, by: requestIdOf(9), team: 'payments' };
  expect(apply(bare, handed)).toMatchObject({ target: { team: 'payments' } });
  const spanless = { ...bare, life: { spans: [], changedBy: [], usedAt: 0 } };
  expect(apply(spanless, { type: 'repriced', at: 1, perHour: 5 }).life?.spans).toEqual([
    { from: 1, isAsleep: false, perHour: 5, team: '' },
  ]);
  expect(costLines([spanless], {}, { zone: 'UTC', now: 1 })).toEqual([]);
});

test('a record knows whoever asked as its blueprint does, and which blueprint that was', () => {
  expect(environmentRecord(living)).toMatchObject({ owner: 'dana@acme.example' });
  expect(environmentRecord(living)).not.toHaveProperty('blueprintDigest');
  const { email: _email, ...nameless } = living.requester;
  const preview = living.preview && { ...living.preview, resolved: { blueprint: 'abc' } };
  const other = { ...living, requester: nameless, ...(preview ? { preview } : {}) };
  expect(environmentRecord(other)).toMatchObject({ owner: nameless.id, blueprintDigest: 'abc' });
});

describe('its price', () => {
  const prices = { currency: 'EUR', cpuHour: 0.5, memoryGiHour: 0.25, storageGiHour: 0, asleepShare: 0.1 };
  const sized = { ...environmentRecord(living), size: { cpu: 1, memoryGi: 2, replicas: 1 } };
  const worker = (extraPerHour: Blueprint['extraPerHour'], isTaken = true) => {
    const wrong = { ok: false as const, problem: problem('bad_input', 'No.', 'Change it.') };
    const inputs = { check: () => (isTaken ? { ok: true as const, value: {} } : wrong) };
    return { worker: { digest: 'abcdef', inputs, extraPerHour } as unknown as Blueprint };
  };

  test('is that of its size, and of what its blueprint makes beside', () => {
    expect(awakeCost(sized, { prices, blueprints: {} })).toEqual({ perHour: 1, perDay: 24 });
    expect(awakeCost(sized, { prices, blueprints: worker(() => 0.5) }).perHour).toBe(1.5);
    const { living: _living, ...coming } = sized;
    expect(awakeCost(coming, { prices, blueprints: {} }).perHour).toBe(1);
  });

  test('stays as it was where the catalog cannot say it any more', () => {
    const refuse = () => {
      throw new ProblemError(problem('bad_input', 'No.', 'Change it.'));
    };
    const dear = { ...sized, life: { ...sized.life, spans: lifeOf(madeFor(3)).spans } };
    const edited = { ...dear, blueprintDigest: 'fedcba' };
    expect(awakeCost(edited, { prices, blueprints: worker(() => 1) }).perHour).toBe(3);
    expect(awakeCost(dear, { prices, blueprints: worker(() => 1, false) }).perHour).toBe(3);
    expect(awakeCost(dear, { prices, blueprints: worker(refuse) }).perHour).toBe(3);
    expect(awakeCost(environmentRecord(madeFor(3)), { prices, blueprints: {} }).perHour).toBe(3);
    const { life } = environmentRecord(living);
    const spanless = { ...environmentRecord(living), life: { ...life, spans: [] } };
    expect(awakeCost(spanless, { prices, blueprints: {} }).perHour).toBe(0);
    const broken = worker(() => {
      throw new Error('a fault of ours');
    });
    expect(() => awakeCost(sized, { prices, blueprints: broken })).toThrow('a fault of ours');
  });

  test('asleep is a share of it', () => {
    expect(costNow(sized, { prices, blueprints: {} }).perHour).toBe(1);
    expect(costNow({ ...sized, life: lifeOf(asleep) }, { prices, blueprints: {} }).perHour).toBeCloseTo(0.1);
  });
});

test('a report is of one team when asked, with the dearest first, and without end only to ten years', () => {
  const handed = having(living, { type: 'handed_over', team: 'payments' }, 2 * hourMs);
  const at = { zone: 'UTC', now: 50 * hourMs };
  const lines = costLines([handed, living], {}, at);
  expect(costSums(lines, 'team').map(({ key, cents }) => [key, cents])).toEqual([
    [living.target.team, 5_200],
    ['payments', 4_800],
  ]);
  expect(
    costSums(costLines([living, { ...living, id: requestIdOf(13) }], {}, at), 'blueprint'),
  ).toMatchObject([{ key: 'worker', environments: 2 }]);
  expect(costLines([handed], { team: 'payments' }, at).map((line) => line.cents)).toEqual([4_800]);
  expect(costLines([living], {}, { zone: 'UTC', now: Date.UTC(2100, 0, 1) })).toHaveLength(120);
  const { outputs: _outputs, ...unmade } = living;
  expect(costLines([unmade], { month: '1970-01' }, at)[0]?.blueprint).toBe('');
  const same = costSums(
    [...lines, ...lines].map((line, index) => ({ ...line, cents: 1, team: `t${index % 2}` })),
    'team',
  );
  expect(same.map((one) => one.key)).toEqual(['t0', 't1']);
});

describe('what nobody waits for', () => {
  const quiet = (...events: readonly RequestEvent[]) => {
    const asked = requestAfter();
    return events.reduce(apply, { ...asked, origin: { surface: 'system' as const, isQuiet: true } });
  };

  test('has no card while it goes by itself', () => {
    expect(quiet(evaluated('allow')).isShown).toBe(false);
    expect(quiet(evaluated('deny')).isShown).toBe(false);
  });

  test('has one when somebody must answer, or when it goes wrong', () => {
    expect(quiet(evaluated('require_approval')).isShown).toBe(true);
    const broken = { code: 'step_failed' as const, sentence: 'It broke.', next: 'Mend it.' };
    const failed: RequestEvent = { type: 'failed', at: 9_000, problem: broken, remains: [] };
    expect(quiet(evaluated('allow'), failed).isShown).toBe(true);
  });
});
