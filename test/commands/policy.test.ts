import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { evaluate } from '../../src/approvals/evaluate.ts';
import { policyCheck } from '../../src/commands/policy/check.ts';
import { policyDiff } from '../../src/commands/policy/diff.ts';
import { policyExplain } from '../../src/commands/policy/explain.ts';
import { loadWorld } from '../../src/commands/policy/files.ts';
import { policyTest } from '../../src/commands/policy/test.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { deployFacts, noon, shippedPolicy } from '../approvals/shipped.ts';

const folder = mkdtempSync(join(tmpdir(), 'policy-'));
afterAll(() => rmSync(folder, { recursive: true }));
const world = await loadWorld('data');
const shipped = 'data/policy.yml';
/** The same without what is proven of it each time it is read. */
const unproven = file(readFileSync(shipped, 'utf8').replace(/\ninvariants:[\s\S]*/, ''));

function file(text: string): string {
  const path = join(folder, `policy-${text.length}.yml`);
  writeFileSync(path, text.endsWith('\n') ? text : `${text}\n`);
  return path;
}

async function told(
  run: (write: (line: string) => void) => Promise<unknown>,
): Promise<readonly [unknown, string]> {
  const lines: string[] = [];
  const code = await run((line) => lines.push(line));
  return [code, lines.join('\n').replaceAll(folder, '')];
}

test('check says of the shipped policy that nothing is wrong with it', async () => {
  const [code, text] = await told((write) => policyCheck({ file: shipped, isStrict: false }, world, write));
  expect(code, text).toBe(0);
  expect(text).toMatch(/\d+ rules and \d+ invariants, \d+ cases: 0 mistakes, \d+ notes\.$/);
});

test('check ends otherwise for a dead rule, for a mistake, and for a note when it is strict', async () => {
  const dead = file(
    'rules:\n- { id: a, on: deploy, allow: x }\n- { id: b, on: deploy, tier: production, allow: y }\n',
  );
  const note = file(
    'rules: [{ id: a, on: environment.keep, require: { from: platform-leads, because: x } }]\n',
  );
  const wrong = file('rules: [{ id: a, on: deploi, allow: x }]');
  const codes = [];
  for (const [of, isStrict] of [
    [dead, false],
    [wrong, false],
    [note, false],
    [note, true],
  ] as const) {
    codes.push((await told((write) => policyCheck({ file: of, isStrict }, world, write)))[0]);
  }
  expect(codes).toEqual([1, 1, 0, 1]);
});

test('test names the promise that is broken, and where', async () => {
  const [code, text] = await told((write) =>
    policyTest({ file: file('rules: [{ id: a, deny: x }]'), examples: 'data/policy.test.yml' }, world, write),
  );
  expect(code).toBe(1);
  expect(text).toContain(' a small environment runs by itself\n  outcome: expected allow, found deny');
  const kept = await told((write) =>
    policyTest({ file: shipped, examples: 'data/policy.test.yml' }, world, write),
  );
  expect(kept).toEqual([0, expect.stringContaining('0 broken')]);
  const none = await told((write) =>
    policyTest({ file: shipped, examples: file('examples: 3') }, world, write),
  );
  expect(none[0]).toBe(1);
});

const explain = (line: string, more: Partial<Parameters<typeof policyExplain>[0]> = {}) =>
  told((write) =>
    policyExplain(
      { file: unproven, line, as: 'priya', at: '2026-11-25 12:00', facts: [], unknown: [], ...more },
      noon,
      world,
      write,
    ),
  );

test('explain says what would come of a line, what each rule says, and what was assumed', async () => {
  const [, text] = await explain('/deploy payments v1.4.2 to production', { facts: ['change.checks=red'] });
  expect(text).toContain('Refused: a check of this version is red');
  expect(text).toContain(
    'deploy of payments in production (production), asked for by priya@acme.example of payments, 2026-11-25 12:00 Europe/Berlin',
  );
  expect(text).toContain('  red-checks (deny): change.checks is red\n');
  expect(text).toContain('  staging-by-owners (allow): target.tier is production, not staging');
  expect(text).toMatch(/Assumed: .*change\.order is kept/);
  expect(text).not.toContain('change.checks is green');
});

test('explain knows living environments by assumption, times by the windows, and doubts', async () => {
  expect((await explain('/env extend mine 8h'))[1]).toContain(
    'Assumed: there is an environment "mine" of payments.',
  );
  expect(
    (await explain('/deploy payments v1.4.2 to production', { at: '2026-11-28T12:00:00Z' }))[1],
  ).toContain('weekend-freeze (hold): the weekend freeze is in force');
  expect(
    (await explain('/deploy payments v1.4.2 to staging', { unknown: ['requester.groups'] }))[1],
  ).toContain('could not be found out');
  expect((await explain('/env destroy mine', { as: 'system', at: undefined }))[1]).toContain(
    'asked for by Greenlight itself',
  );
});

test('explain reads a line as Slack does: with a reason to go past the rules, it says what comes of that', async () => {
  const emergency = '/deploy payments v1.4.2 to production --break-glass "customers cannot pay"';
  const [, broken] = await explain(emergency, { as: 'sam' });
  expect(broken).toContain('Runs at once as an emergency, past "production"');
  expect(broken).toContain('Assumed: nobody has to look at an earlier emergency of theirs.');
  expect((await explain(emergency, { as: 'sam', facts: ['debts=["REQ-3"]'] }))[1]).toContain(
    'Refused: nobody has looked at REQ-3 yet',
  );
  expect((await explain(emergency))[1]).toContain('Refused: the policy does not let you break glass here');
  const inSpite = '/deploy payments v1.4.2 to production --override "customers cannot pay"';
  expect((await explain(inSpite, { at: '2026-12-24 12:00' }))[1]).toContain(
    '2 approvals from SRE or Platform leads: production rests over the holidays',
  );
});

test('explain takes limits as unused unless told otherwise, and says so', async () => {
  const [, unused] = await explain('/deploy payments v1.4.2 to staging');
  expect(unused).toContain('  asking (deny): 0 of 60 requests of yours in 1h');
  expect(unused).toContain('Assumed: nothing is used up of asking.');
  const [, used] = await explain('/deploy payments v1.4.2 to staging', { facts: ['limits.asking.used=60'] });
  expect(used).toContain('Refused: 60 of 60 requests of yours in 1h');
  expect(used).toContain('Counts:\n  staging-by-owners (allow)');
});

test.each([
  [
    'a command that there is not',
    '/deplyo payments',
    {},
    'There is no command "/deplyo". Did you mean "/deploy"?',
  ],
  ['a line that says too little', '/deploy payments', {}, 'says too little'],
  ['what the catalog lacks', '/deploy paymets v1 to staging', {}, 'paymets'],
  ['a person that there is not', '/env list', { as: 'pria' }, 'Nobody in the catalog is "pria".'],
  ['a time that is none', '/env list', { at: 'noon' }, '"noon" is not a time.'],
  ['a fact that is none', '/env list', { facts: ['checks'] }, '"checks" is no fact.'],
  [
    'a fact that cannot be',
    '/env list',
    { facts: ['change.checks=blue'] },
    'change.checks: it is green, red, pending or none',
  ],
  [
    'a fact that there is not',
    '/env list',
    { facts: ['change.cheks=red'] },
    'There is no fact "change.cheks". Did you mean "change.checks"?',
  ],
  [
    'a doubt of what there is not',
    '/env list',
    { unknown: ['requester.grops'] },
    'There is no fact "requester.grops". Did you mean "requester.groups"?',
  ],
  ['a file that is not there', '/env list', { file: 'gone.yml' }, 'gone.yml cannot be read.'],
  ['a policy with a mistake', '/env list', { file: file('rules: []') }, 'rules'],
])('explain refuses %s', async (_what, line, more, sentence) => {
  await expect(explain(line, more)).rejects.toMatchObject({
    problem: { sentence: expect.stringContaining(sentence) },
  });
});

test('diff judges what was recorded again, and ends by what is accepted', async () => {
  const database = { file: join(folder, 'greenlight.db') };
  const store = await openSqliteStore(database);
  const evaluation = {
    stage: 'read',
    at: noon,
    facts: deployFacts,
    verdict: evaluate(shippedPolicy, deployFacts),
  } as const;
  await store.recordEvaluation(evaluation);
  await store.recordEvaluation({ ...evaluation, at: 1 });
  await store.recordEvaluation({ ...evaluation, facts: {} });
  await store.close();
  const looser = file('rules: [{ id: looser, on: deploy, allow: x }]');
  const run = (of: string, accepted: readonly ('looser' | 'stricter')[], since = '30d') =>
    told((write) => policyDiff({ file: of, database, since, accepted }, noon + 1, world, write));
  const [, text] = await run(looser, []);
  expect(text).toContain('1 recorded evaluation of the last 30d judged again');
  expect(text).toContain('1 evaluation could not be: the facts are of another version.');
  expect(text).toContain('1 look would now run without anybody');
  await expect(run(looser, [], 'long')).rejects.toMatchObject({ problem: { code: 'bad_input' } });
  const gone = policyDiff(
    { file: looser, database: { file: join(folder, 'gone.db') }, since: '1d', accepted: [] },
    noon,
    world,
    () => undefined,
  );
  await expect(gone).rejects.toMatchObject({ problem: { code: 'not_found' } });
  const other = file('rules: [{ id: not-a-database, allow: x }]');
  const none = policyDiff(
    { file: looser, database: { file: other }, since: '1d', accepted: [] },
    noon,
    world,
    () => undefined,
  );
  await expect(none).rejects.toMatchObject({ problem: { code: 'bad_input' } });
});

test('diff ends well when nothing changes, or only as accepted', async () => {
  const database = { file: join(folder, 'clean.db') };
  const store = await openSqliteStore(database);
  await store.recordEvaluation({
    stage: 'read',
    at: noon,
    facts: { ...deployFacts, limits: { asking: { used: 0, adds: 1 } } },
    verdict: evaluate(shippedPolicy, deployFacts),
  });
  await store.close();
  const run = (of: string, accepted: readonly ('looser' | 'stricter')[]) =>
    told((write) => policyDiff({ file: of, database, since: '1d', accepted }, noon + 1, world, write));
  const looser = file('rules: [{ id: looser-again, on: deploy, allow: x }]');
  expect(await run(shipped, [])).toEqual([0, expect.stringContaining('Nothing would change.')]);
  expect([
    (await run(looser, []))[0],
    (await run(looser, ['stricter']))[0],
    (await run(looser, ['looser']))[0],
  ]).toEqual([1, 1, 0]);
  const limited = file(
    readFileSync(shipped, 'utf8').replace(
      '\nlimits:\n',
      '\nlimits:\n  deploys: { on: deploy, requests: 9, within: 1h, beyond: { deny: slow down } }\n',
    ),
  );
  expect(await run(limited, [])).toEqual([
    1,
    expect.stringMatching(/Not counted then, so nothing is said of it: the limit "deploys"\.$/),
  ]);
  expect((await run(limited, ['stricter']))[0]).toBe(0);
  const asksOthers = file(
    readFileSync(shipped, 'utf8')
      .replaceAll('count: 2, from: [owners, sre, platform-leads]', 'count: 2, from: [sre, checkout]')
      .replace(/\ninvariants:[\s\S]*/, ''),
  );
  expect([
    (await run(asksOthers, ['looser']))[0],
    (await run(asksOthers, ['looser', 'stricter']))[0],
  ]).toEqual([1, 0]);
});
