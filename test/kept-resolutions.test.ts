/** Where the libraries lie is remembered from one start to the next, for as long as npm has not moved them. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'greenlight-'));
  await mkdir(join(folder, 'src'));
  await mkdir(join(folder, 'node_modules/greeting/parts'), { recursive: true });
  for (const file of ['quick-start.js', 'kept-resolutions.js']) {
    await copyFile(new URL(`../src/${file}`, import.meta.url), join(folder, 'src', file));
  }
  await put('package.json', '{ "type": "module" }');
  await put(
    'src/start.js',
    `import './quick-start.js'; const { word, part } = await import('greeting'); console.log(word, part);`,
  );
  await put('node_modules/greeting/package.json', '{ "main": "./hello.js" }');
  await put('node_modules/greeting/hello.js', `exports.word = 'hello'; exports.part = require('./parts');`);
  await put('node_modules/greeting/howdy.js', `exports.word = 'howdy'; exports.part = require('./parts');`);
  await put('node_modules/greeting/parts/index.js', `module.exports = 'whole';`);
  await put('node_modules/.package-lock.json', '{}');
});
afterEach(() => rm(folder, { recursive: true }));

test('a start finds the libraries where the one before it found them, and anew after an installation', async () => {
  expect(await start()).toBe('hello whole\n');
  // By hand: npm says when it has moved something.
  await put('node_modules/greeting/package.json', '{ "main": "./howdy.js" }');
  expect(await start()).toBe('hello whole\n');
  await put('node_modules/.package-lock.json', '{ "lockfileVersion": 3 }');
  expect(await start()).toBe('howdy whole\n');
  expect(await start()).toBe('howdy whole\n');
});

test.each([
  ['half a file', '{"stamp":'],
  ['nothing of ours', '[]'],
])('%s is no hindrance', async (_what, text) => {
  expect(await start()).toBe('hello whole\n');
  expect(await readFile(kept(), 'utf8')).toContain('greeting/hello.js');
  await writeFile(kept(), text);
  expect(await start()).toBe('hello whole\n');
  expect(await readFile(kept(), 'utf8')).toContain('greeting/hello.js');
});

test('without word of npm, or with nowhere to keep it, each start looks for itself', async () => {
  await rm(join(folder, 'node_modules/.package-lock.json'));
  expect(await start()).toBe('hello whole\n');
  await put('node_modules/greeting/package.json', '{ "main": "./howdy.js" }');
  expect(await start()).toBe('howdy whole\n');
  await put('node_modules/.package-lock.json', '{}');
  await rm(join(folder, 'node_modules/.cache'), { recursive: true });
  await put('node_modules/.cache', 'a file');
  expect(await start()).toBe('howdy whole\n');
});

function kept(): string {
  return join(folder, 'node_modules/.cache/greenlight/resolutions.json');
}

async function start(): Promise<string> {
  return (await promisify(execFile)(process.execPath, [join(folder, 'src/start.js')])).stdout;
}

function put(file: string, text: string): Promise<void> {
  return writeFile(join(folder, file), text);
}
