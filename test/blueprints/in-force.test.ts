/** Blueprints from a folder or a repository: the last good version stays in force, and how old it is is known. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readFolder } from '../../src/blueprints/folder.ts';
import { type FreshOptions, keepFresh } from '../../src/blueprints/keep-fresh.ts';
import { readBlueprints } from '../../src/blueprints/read-blueprints.ts';
import { readRepository } from '../../src/blueprints/repository.ts';
import type { Blueprints } from '../../src/core/catalog.ts';
import { minuteMs } from '../../src/core/duration.ts';
import { formatMistake } from '../../src/documents/document.ts';
import { stillMs } from '../../src/documents/watch-document.ts';
import { accepted, catalog, mistakesOf } from '../approvals/shipped.ts';
import { githubWorld } from '../platforms/github/world.ts';

const good = 'title: Good\ndescription: A good one.\n';
const better = 'title: Better\ndescription: A better one.\n';
const bad = 'title: Bad\ndescription: A bad one.\ncost: input.size\n';
const place = { repository: 'acme/gitops', ref: 'main', path: 'blueprints' };
const authorization = 'Bearer ghs_sandboxGreenlightInstallation0000000000';

async function repositoryWorld() {
  const world = await githubWorld();
  const put = async (name: string, text: string) => {
    const url = `${world.box.url}/repos/acme/gitops/contents/blueprints/${name}`;
    const before = await fetch(url, { headers: { authorization } });
    const sha = before.ok ? { sha: ((await before.json()) as { sha: string }).sha } : {};
    const content = Buffer.from(text).toString('base64');
    const body = JSON.stringify({ message: 'Edit', content, ...sha });
    const answer = await fetch(url, { method: 'PUT', headers: { authorization }, body });
    expect(answer.ok, await answer.text()).toBe(true);
  };
  const told: string[] = [];
  /** While a look waits whether they are still being written. */
  const meanwhile = { happens: async () => {} };
  const options: FreshOptions<Blueprints> = {
    name: 'blueprints',
    load: () => readRepository(world.forge, place),
    read: (files) => readBlueprints(files, catalog),
    everyMs: () => 5 * minuteMs,
    onMistakes: (mistakes) => told.push(...mistakes.map(formatMistake)),
    onAway: (why) => told.push(why),
    onChange: () => told.push('changed'),
    timers: {
      after(ms, call) {
        if (ms === stillMs) {
          void meanwhile.happens().then(call);
          return () => {};
        }
        const timer = world.clock.after(ms, call);
        return () => timer.cancel();
      },
    },
    now: world.clock.now,
  };
  return { ...world, put, told, meanwhile, options };
}

test('a repository’s blueprints are read at a ref, without what lies in folders below', async () => {
  const { put, forge } = await repositoryWorld();
  await put('good.yml', good);
  await put('notes.md', '# no blueprint');
  await put('below/other.yml', bad);
  const files = accepted(await readRepository(forge, place));
  expect([...files.keys()]).toEqual(['good.yml']);
  expect(Object.keys(accepted(readBlueprints(files, catalog)))).toEqual(['good']);
  expect(mistakesOf(await readRepository(forge, { ...place, path: 'nowhere' }))).toEqual([
    '1:1 There is no such folder.',
  ]);
});

test('a bad edit is told once and changes nothing; a good one is in force at the next look', async () => {
  const { put, told, options } = await repositoryWorld();
  await put('one.yml', good);
  const fresh = accepted(await keepFresh(options));
  onTestFinished(() => fresh.close());
  await put('one.yml', bad);
  await fresh.look();
  await fresh.look();
  expect(fresh.current().one?.title).toBe('Good');
  expect(told).toEqual(['acme/gitops@main:blueprints/one.yml:3:13 cost: input has no "size".']);
  await put('one.yml', better);
  await fresh.look();
  expect(fresh.current().one?.title).toBe('Better');
  expect(told.at(-1)).toBe('changed');
});

test('what is still being written is not in force, and what a reader stumbles over is a mistake', async () => {
  const { put, told, meanwhile, options } = await repositoryWorld();
  await put('one.yml', good);
  const read: typeof options.read = (files) => {
    if (files.has('stumble.yml')) throw new Error('the reader stumbled');
    return options.read(files);
  };
  const fresh = accepted(await keepFresh({ ...options, read }));
  onTestFinished(() => fresh.close());
  await put('one.yml', better);
  meanwhile.happens = () => put('two.yml', good);
  await fresh.look();
  expect(Object.values(fresh.current()).map(({ title }) => title)).toEqual(['Good']);
  meanwhile.happens = async () => {};
  await fresh.look();
  expect(Object.values(fresh.current()).map(({ title }) => title)).toEqual(['Better', 'Good']);
  await put('stumble.yml', good);
  await fresh.look();
  fresh.readAgain();
  expect(told).toEqual(['changed', 'blueprints:1:1 The file cannot be read: the reader stumbled.']);
});

test('while nobody answers, the last version stays in force and grows old', async () => {
  const { put, told, options, clock, faults } = await repositoryWorld();
  await put('one.yml', good);
  const fresh = accepted(await keepFresh(options));
  onTestFinished(() => fresh.close());
  const seenAt = fresh.seenAt();
  faults.add({ box: 'github', operation: 'GET *', fault: { kind: 'status', status: 502 } });
  await clock.advance(10 * minuteMs);
  await fresh.look();
  await fresh.look();
  expect(fresh.current().one?.title).toBe('Good');
  expect(fresh.seenAt()).toBe(seenAt);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/GitHub/);
  faults.clear();
  await fresh.look();
  expect(fresh.seenAt()).toBe(clock.now());
});

test('a folder’s blueprints are read with the files beside them, and a wrong name is told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'blueprints-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(
    join(folder, 'size.json'),
    '{ "type": "object", "properties": { "size": { "type": "integer" } } }',
  );
  await writeFile(join(folder, 'sized.yml'), `${good}inputs: { from: size.json }\n`);
  const read = readBlueprints(accepted(await readFolder(folder, 'blueprints')), catalog);
  expect(accepted(read).sized?.inputs.fields.map(({ path }) => path)).toEqual(['size']);
  await writeFile(join(folder, 'cut.yml'), good.trimEnd());
  expect(mistakesOf(await readFolder(folder, 'blueprints'))[0]).toMatch(/^2:25 The file ends within a line/);
  await rm(join(folder, 'cut.yml'));
  await writeFile(join(folder, 'wrong_name.yml'), good);
  expect(mistakesOf(readBlueprints(accepted(await readFolder(folder, 'blueprints')), catalog))).toEqual([
    '1:1 The name of a blueprint is its file: use small letters, digits and dashes.',
  ]);
  expect(mistakesOf(await readFolder(join(folder, 'nowhere'), 'blueprints'))[0]).toMatch(/cannot be read/);
});
