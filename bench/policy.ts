/**
 * `npm run bench`: how fast the guardrails answer, beside Cedar and json-rules-engine on the same rules and facts in
 * the same run; and how fast a select of ten thousand services does. Ends with 1 when a limit of issue 5 is passed.
 */
import { readCatalog } from '../src/catalog/read-catalog.ts';
import type { Catalog } from '../src/core/catalog.ts';
import { personIdSchema } from '../src/core/ids.ts';
import { choices } from '../src/desk/choices.ts';
import type { DeskContext } from '../src/desk/context.ts';
import { formatMistake } from '../src/documents/document.ts';
import { cases } from './policy/cases.ts';
import { diffTime } from './policy/diff.ts';
import {
  type BenchEngine,
  cedar,
  greenlight,
  jsonRulesEngine,
  type Outcome,
  policyOf,
} from './policy/engines.ts';
import { rulesOf } from './policy/rules.ts';

/** At 20 rules, how many times as many evaluations a second as Cedar. */
const timesCedarMin = 50;
/** Of the speed at 20 rules, what is left at 2,000. */
const shareLeftMin = 0.5;
const selectMsMax = 50;
const diffMsMax = 10_000;
const evaluations = 100_000;
const services = 10_000;
const sizes = [20, 200, 2_000] as const;
/** Of one round of one engine: with 2,000 rules one of them manages a dozen evaluations in it. */
const spanMs = 200;
const roundsMax = 5;

const catalog = catalogOf(services);
const asked = cases(60);
const failures: string[] = [];
await compare();
await diff();
await select();
for (const failure of failures) process.stdout.write(`Missed: ${failure}\n`);
if (failures.length > 0) process.exitCode = 1;

async function compare(): Promise<void> {
  const speeds = new Map<string, number[]>();
  for (const size of sizes) {
    const rules = rulesOf(size);
    const engines = [greenlight(rules, catalog), cedar(rules), jsonRulesEngine(rules)];
    await agree(engines, size);
    for (const [index, speed] of (await speedsOf(engines)).entries()) {
      const name = engines[index]?.name ?? '';
      speeds.set(name, [...(speeds.get(name) ?? []), speed]);
    }
  }
  row(
    'Evaluations a second',
    sizes.map((size) => `${size} rules`),
  );
  for (const [name, [first = 0, second = 0, third = 0]] of speeds) {
    row(
      `  ${name}`,
      [first, second, third].map((speed) => Math.round(speed).toLocaleString('en')),
    );
  }
  const ours = speeds.get('Greenlight') ?? [];
  for (const [name, theirs] of speeds) {
    if (name === 'Greenlight') continue;
    row(
      `  times ${name}`,
      theirs.map((speed, at) => ((ours[at] ?? 0) / speed).toFixed(0)),
    );
  }
  const [small = 0, , large = 0] = ours;
  const timesCedar = small / (speeds.get('Cedar')?.[0] ?? 0);
  row('  left of it at 2,000 rules', [
    `${((large / small) * 100).toFixed(0)} %`,
    `limit ${shareLeftMin * 100} %`,
  ]);
  hold(timesCedar >= timesCedarMin, `${timesCedar.toFixed(0)} times Cedar at 20 rules, not ${timesCedarMin}`);
  hold(large / small >= shareLeftMin, `2,000 rules are ${(large / small).toFixed(2)} as fast as 20`);
}

/** A race between engines that say different things proves nothing. */
async function agree(engines: readonly BenchEngine[], size: number): Promise<void> {
  for (const [number, facts] of asked.entries()) {
    const said = await Promise.all(engines.map((engine) => engine.judge(engine.prepare(facts))));
    const isSame = said.every((outcome: Outcome) => outcome === said[0]);
    if (!isSame) throw new Error(`${size} rules, case ${number}: ${said.join(', ')}`);
  }
}

/**
 * Evaluations a second of the processor's time, which other processes cannot take away: for each engine the median of
 * rounds in turn, after one to warm up.
 */
async function speedsOf(engines: readonly BenchEngine[]): Promise<readonly number[]> {
  const racers = engines.map((engine) => ({
    engine,
    prepared: asked.map((facts) => engine.prepare(facts)),
    rounds: [] as number[],
  }));
  for (let round = 0; round <= roundsMax; round += 1) {
    for (const { engine, prepared, rounds } of racers) {
      const speed = await speedIn(engine, prepared);
      if (round > 0) rounds.push(speed);
    }
  }
  return racers.map(({ rounds }) => rounds.sort((one, other) => one - other)[roundsMax >> 1] ?? 0);
}

async function speedIn(engine: BenchEngine, prepared: readonly unknown[]): Promise<number> {
  const startedAt = process.cpuUsage().user;
  let count = 0;
  let spent = 0;
  for (let batch = 1; spent < spanMs * 1_000; batch *= 2) {
    for (let number = 0; number < batch; number += 1) {
      const outcome = engine.judge(prepared[count % prepared.length]);
      if (outcome instanceof Promise) await outcome;
      count += 1;
    }
    spent = process.cpuUsage().user - startedAt;
    // Doubling once more would take longer than all so far.
    if (spent > (spanMs * 1_000) / 2) batch = Math.max(1, batch / 4);
  }
  return (count / spent) * 1_000_000;
}

/** Under a policy of more rules, one of them stricter. */
async function diff(): Promise<void> {
  const before = policyOf(rulesOf(20), catalog);
  const stricter = rulesOf(200).map((rule) =>
    rule.id === 'small' ? { ...rule, cel: 'input.cpu <= 2' } : rule,
  );
  const { ms, judged } = await diffTime(before, policyOf(stricter, catalog), evaluations);
  row(`policy diff, ${judged.toLocaleString('en')} evaluations`, [
    `${(ms / 1_000).toFixed(1)} s`,
    `limit ${diffMsMax / 1_000} s`,
  ]);
  hold(
    ms < diffMsMax && judged === evaluations,
    `policy diff judged ${judged} in ${(ms / 1_000).toFixed(1)} s`,
  );
}

/** What Slack waits for while somebody types: it gives up after 3 s, and people much earlier. */
async function select(): Promise<void> {
  // Made anew for each question, as wiring/documents-in-force.ts does.
  const context = { catalog: () => ({ ...catalog }) } as Pick<DeskContext, 'catalog'> as DeskContext;
  const viewer = { id: personIdSchema.parse('U0DANA'), name: 'Dana', kind: 'member' } as const;
  const typed = ['', 's', 'svc-77', 'svc-7777', 'servcie 12', 'team-3', 'nothing like it'];
  const once = async (text: string) => {
    const startedAt = process.cpuUsage().user;
    await choices(context, 'services', viewer, {}, text);
    return (process.cpuUsage().user - startedAt) / 1_000;
  };
  const first = await once('svc-1');
  const medians: number[] = [];
  for (const text of typed) {
    const times: number[] = [];
    for (let round = 0; round < 9; round += 1) times.push(await once(text));
    medians.push(times.sort((one, other) => one - other)[4] ?? Infinity);
  }
  const slowest = Math.max(...medians);
  row(`Options of ${services.toLocaleString('en')} services`, [
    `slowest ${slowest.toFixed(1)} ms`,
    `once ${first.toFixed(1)} ms`,
    `limit ${selectMsMax} ms`,
  ]);
  hold(slowest < selectMsMax, `a select of ${services} services took ${slowest.toFixed(1)} ms`);
}

function catalogOf(count: number): Catalog {
  const names = [
    'payments',
    'checkout',
    ...Array.from({ length: count - 2 }, (_, number) => `svc-${number}`),
  ];
  const entries = names.map((name, number) => [
    name,
    {
      title: `Service ${number}`,
      repository: `acme/${name}`,
      description: `What team ${number % 50} does with part ${number} of the whole`,
      owners: [['payments', 'checkout', 'sre'][number % 3]],
      environments: { production: { tier: 'production', cluster: 'one', namespace: name } },
    },
  ]);
  const group = (title: string) => ({ title, members: ['dana@acme.example', 'sam@acme.example'] });
  const file = {
    zone: 'Europe/Berlin',
    groups: { payments: group('Payments'), checkout: group('Checkout'), sre: group('SRE') },
    onCall: ['sam@acme.example'],
    clusters: { one: { title: 'One', context: 'one', impersonate: true } },
    environments: { cluster: 'one', teams: ['checkout'], ttl: { default: '8h', max: '7d' } },
    prices: { currency: 'EUR', cpuHour: 0.045, memoryGiHour: 0.006 },
    services: Object.fromEntries(entries),
    blueprints: { folder: 'blueprints' },
  };
  const read = readCatalog({ file: 'catalog', text: JSON.stringify(file) });
  if (!read.ok) throw new Error(read.mistakes.map(formatMistake).join('\n'));
  return { ...read.value, blueprints: {}, workflows: {} };
}

function hold(isKept: boolean, otherwise: string): void {
  if (!isKept) failures.push(otherwise);
}

function row(what: string, cells: readonly string[]): void {
  process.stdout.write(`${what.padEnd(36)}${cells.map((cell) => cell.padStart(18)).join('')}\n`);
}
