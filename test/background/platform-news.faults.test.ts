/** The platform channel, as its people read it: the real documents, store and message, in Slack's box. */
import { copyFile, cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadActions } from '../../src/actions/load.ts';
import { createEditNews } from '../../src/background/edit-news.ts';
import { startPlatformNews } from '../../src/background/platform-news.ts';
import { minuteMs } from '../../src/core/duration.ts';
import { ProblemError, problem } from '../../src/core/problem.ts';
import { openStage } from '../../src/demo/stage.ts';
import type { SlackMessage } from '../../src/slack/blocks.ts';
import { openDocuments } from '../../src/wiring/documents-in-force.ts';
import { deskWorld, sam } from '../desk/desk-world.ts';
import { expectGoodMessage } from '../slack/manners.ts';

const settings = { channel: 'C0INCIDENTS', reportTimes: '0 9 * * 1' };
const actions = await loadActions();
/** Real time: the disk answers when it likes. */
const patience = { timeout: 10_000 };

async function world() {
  const desk = await deskWorld();
  const folder = await mkdtemp(join(tmpdir(), 'data-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp('data', folder, { recursive: true, filter: (path) => !path.endsWith('.db') });
  const said: SlackMessage[] = [];
  let isAway = false;
  const replica = async () => {
    const news = createEditNews({ scheduler: desk.clock, log: desk.context.log });
    const documents = await openDocuments(folder, actions, {
      ...{ log: desk.context.log, scheduler: desk.clock, clock: desk.clock },
      forge: () => desk.context.outside.forge,
      onNews: (one) => news.hear(one),
    });
    const report = startPlatformNews(settings, news, {
      ...{ context: desk.context, scheduler: desk.clock },
      async post(_channel, message) {
        if (isAway) throw new ProblemError(problem('internal', 'Slack is away.', 'Wait.'));
        said.push(message);
      },
    });
    const stop = async () => {
      documents.close();
      news.close();
      await report?.stop();
    };
    onTestFinished(stop);
    return { news, documents, stop, report };
  };
  /** Lets it be read: the disk has a time of its own. */
  const heard = (count: number) =>
    expect
      .poll(async () => {
        await desk.clock.advance(6_000);
        return said.length;
      }, patience)
      .toBe(count);
  /** In small steps: what lasts for some seconds is told. */
  const comes = (what: () => boolean) =>
    expect
      .poll(async () => {
        await desk.clock.advance(200);
        return what();
      }, patience)
      .toBe(true);
  const edit = async (name: string, change: (text: string) => string) => {
    const path = join(folder, name);
    await writeFile(path, change(await readFile(path, 'utf8')));
  };
  const move = (from: string, to: string) => rename(join(folder, from), join(folder, to));
  const mend = (name: string) => copyFile(join('data', name), join(folder, name));
  const away = (is: boolean) => {
    isAway = is;
  };
  return { desk, said, replica, heard, comes, edit, move, mend, away };
}

const textOf = (message: SlackMessage | undefined) => JSON.stringify(message);

test('a bad edit never replaces what runs; it is told once, with where and what to do, and again when it is mended', async () => {
  const { said, replica, heard, edit, mend } = await world();
  const { documents } = await replica();
  const before = documents.policy();
  await edit('policy.yml', (text) => text.replace('input.cpu > 16', 'input.cpus > 16'));
  await heard(1);
  expect(documents.policy()).toBe(before);
  for (const message of said) expectGoodMessage(message);
  expect(said[0]?.text).toBe(
    'The file data/policy.yml was edited, and the edit is not in force: the version before it still is.',
  );
  expect(textOf(said[0])).toMatch(/data\/policy\.yml:\d+:\d+ .*cpus.*Did you mean \\"cpu\\"/u);
  expect(textOf(said[0])).toContain('greenlight policy check');
  // Another file in between: what was told of the first one is not told again with it.
  await edit('catalog.yml', (text) => `${text}\nnonsense: true\n`);
  await heard(2);
  expect(said[1]?.text).toContain('data/catalog.yml was edited');
  await mend('catalog.yml');
  await heard(3);
  await mend('policy.yml');
  await heard(4);
  expect(said.slice(2).map(({ text }) => text)).toEqual([
    'The file data/catalog.yml is in force again as it was edited.',
    'The file data/policy.yml is in force again as it was edited.',
  ]);
});

test('a file that is caught half written is no news', async () => {
  const { desk, said, replica, heard, comes, edit, mend } = await world();
  const { news, documents } = await replica();
  const before = documents.policy();
  await edit('policy.yml', () => '');
  await comes(() => desk.logged.some((line) => line.startsWith('a bad edit')));
  await mend('policy.yml');
  await comes(() => documents.policy() !== before);
  await edit('catalog.yml', () => 'x');
  await heard(1);
  await news.settled();
  expect(said[0]?.text).toContain('data/catalog.yml');
});

test('a blueprint that cannot be read is told like any other file', async () => {
  const { said, replica, heard, edit, mend } = await world();
  await replica();
  await edit('blueprints/namespace.yml', (text) => `${text}\ncost: input.size\n`);
  await heard(1);
  expect(textOf(said[0])).toMatch(/data\/blueprints\/namespace\.yml:\d+:\d+/u);
  await mend('blueprints/namespace.yml');
  await heard(2);
  expect(said[1]?.text).toContain('in force again');
});

test('a catalog by which rules of the policy would fall silent waits for the policy, and comes into force with it', async () => {
  const { desk, said, replica, heard, edit } = await world();
  const { documents } = await replica();
  const renamed = (text: string) => text.replaceAll(/\bcheckout\b/g, 'basket');
  await edit('catalog.yml', renamed);
  await heard(1);
  expect(Object.keys(documents.catalog().services)).toContain('checkout');
  expect(said[0]?.text).toContain('data/catalog.yml was edited');
  expect(textOf(said[0])).toMatch(/data\/policy\.yml:\d+:\d+ .*checkout/u);
  const before = documents.policy();
  await edit('policy.yml', renamed);
  await heard(2);
  expect(said[1]?.text).toContain('data/catalog.yml is in force again');
  expect(Object.keys(documents.catalog().services)).toContain('basket');
  expect(documents.policy()).not.toBe(before);
  expect(documents.policy().rules.flatMap(({ services }) => services ?? [])).toContain('basket');
  expect(desk.logged.filter((line) => line.startsWith('a bad edit'))).toHaveLength(2);
});

test('a blueprint that a rule names stays under that name until the policy follows, and holds up no edit of the catalog', async () => {
  const { desk, replica, edit, move, comes } = await world();
  const { documents } = await replica();
  const blueprints = () => Object.keys(documents.catalog().blueprints);
  await move('blueprints/worker.yml', 'blueprints/batch.yml');
  await comes(() => desk.logged.some((line) => line.startsWith('a bad edit')));
  await edit('catalog.yml', (text) => text.replace('members: [', 'members: [new.comer@acme.example, '));
  await comes(() => JSON.stringify(documents.catalog().groups).includes('new.comer@acme.example'));
  expect(blueprints()).toContain('worker');
  await edit('policy.yml', (text) => text.replaceAll(/\bworker\b/g, 'batch'));
  await comes(() => blueprints().includes('batch') && !blueprints().includes('worker'));
});

test('a catalog, a blueprint and the policy that are edited together come into force together', async () => {
  const { replica, edit, move, comes } = await world();
  const { documents } = await replica();
  await edit('catalog.yml', (text) => text.replaceAll(/\bcheckout\b/g, 'basket'));
  await edit('policy.yml', (text) =>
    text.replaceAll(/\bcheckout\b/g, 'basket').replaceAll(/\bworker\b/g, 'batch'),
  );
  await move('blueprints/worker.yml', 'blueprints/batch.yml');
  const { catalog, policy } = documents;
  await comes(() => 'basket' in catalog().services && 'batch' in catalog().blueprints);
  expect(policy().rules.flatMap(({ services }) => services ?? [])).toContain('basket');
});

test('while the newest policy is a bad edit, the one in force is read with a new catalog', async () => {
  const { said, replica, heard, comes, edit } = await world();
  const { documents } = await replica();
  await edit('policy.yml', () => 'rules: [\n');
  await heard(1);
  const before = documents.policy();
  await edit('catalog.yml', (text) => text.replace('members: [', 'members: [new.comer@acme.example, '));
  await comes(() => documents.policy() !== before);
  expect([...documents.policy().members.values()].some((all) => all.has('new.comer@acme.example'))).toBe(
    true,
  );
  expect(said).toHaveLength(1);
});

test('of two replicas one tells it; a start after it was mended says that it was', async () => {
  const { said, replica, heard, edit, mend } = await world();
  const [one, other] = [await replica(), await replica()];
  await edit('policy.yml', () => 'rules: [');
  await heard(1);
  await edit('catalog.yml', () => 'x');
  await heard(2);
  await Promise.all([one.stop(), other.stop()]);
  await Promise.all([mend('policy.yml'), mend('catalog.yml')]);
  const { news } = await replica();
  await news.settled();
  expect(said.slice(2).map(({ text }) => text)).toEqual([
    'The file data/catalog.yml is in force again as it was edited.',
    'The file data/policy.yml is in force again as it was edited.',
  ]);
});

test('what Slack did not take is said again, unless it is no longer so', async () => {
  const { desk, said, replica, heard, edit, mend, away } = await world();
  const { news } = await replica();
  away(true);
  await edit('policy.yml', () => 'rules: [');
  await expect
    .poll(async () => {
      await desk.clock.advance(6_000);
      await news.settled();
      return desk.logged;
    }, patience)
    .toContain('news of an edit did not go out');
  away(false);
  await desk.clock.advance(minuteMs);
  await heard(1);
  await mend('policy.yml');
  await heard(2);
  expect(said.map(({ text }) => text.split(' ').slice(2, 5).join(' '))).toEqual([
    'data/policy.yml was edited,',
    'data/policy.yml is in',
  ]);
});

test('the report says what ran by itself, who only looked, and which broken glass nobody has looked at', async () => {
  const { desk, said, replica } = await world();
  desk.enforce(
    `\n  - { id: things, on: thing.change, require: { count: 2, from: [sre, payments], because: two people } }\n`,
    'break_glass: [{ who: sre, on: thing.change, bypasses: [approvals], review: [sre] }]\n',
  );
  const asked = await desk.desk.submit({
    ...{
      key: 'a',
      action: 'thing.change',
      input: { name: 'it' },
      requester: sam,
      origin: { surface: 'command' },
    },
    bypass: { kind: 'break_glass', reason: 'customers cannot pay' },
  });
  if (!asked.ok) throw new Error(asked.problem.sentence);
  await desk.desk.decide(asked.value.id);
  const { report } = await replica();
  await report?.look();
  expect(said).toEqual([]);
  // To Monday, 09:00 in Berlin.
  await desk.clock.advance(Date.UTC(2026, 10, 23, 8) - desk.clock.now());
  await report?.look();
  expect(said).toHaveLength(1);
  for (const message of said) expectGoodMessage(message);
  expect(textOf(said[0])).toContain('The guardrails in the last 7 days');
  expect(textOf(said[0])).toContain('Broken glass that nobody has looked at yet');
  expect(textOf(said[0])).toContain(`${asked.value.id} by Sam, 4d 23h ago`);
  expect(textOf(said[0])).toContain('Posted once a week');
  expect(textOf(said[0])).not.toContain('"button"');
});

test('the whole bot says all of it in Slack, in its channel', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'data-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp('data', folder, { recursive: true, filter: (path) => !path.includes('.db') });
  // Two minutes before Monday, 09:00 in Berlin.
  const startAt = Date.UTC(2026, 10, 23, 7, 58);
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const stage = await openStage({ mode: 'socket', dataFolder: folder, log, startAt });
  onTestFinished(() => stage.close());
  const sees = (text: string) => stage.until(stage.people.as('U0SAM').sees(text, { in: '#incidents' }));
  await writeFile(join(folder, 'policy.yml'), 'rules: [');
  await sees('was edited, and the edit is not in force');
  await copyFile('data/policy.yml', join(folder, 'policy.yml'));
  await sees('is in force again');
  await sees('The guardrails in the last 7 days');
  expect(new Date(stage.clock.now()).toISOString()).toMatch(/^2026-11-23T08:00:/);
});
