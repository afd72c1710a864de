/** What holds for the whole checkout: who imports whom, one word for each command, nothing of a machine in the tree. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Room, rooms } from './imports.ts';

const root = new URL('..', import.meta.url).pathname;
const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const packageJson = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

function importsOf(file: string): { line: number; from: string }[] {
  const text = read(file);
  return [...text.matchAll(importPattern)].map((match) => ({
    line: text.slice(0, match.index + match[0].search(/\S/)).split('\n').length,
    from: match[1] ?? match[2] ?? '',
  }));
}

function roomOf(path: string): Room {
  const found = rooms.find(({ room }) => room === '' || path === room || path.startsWith(`${room}/`));
  if (!found) throw new Error(`no room for ${path}`);
  return found;
}

function isAllowed(from: Room, path: string, imported: string): boolean {
  if (from.may.includes('*')) return true;
  if (!imported.startsWith('.')) {
    return from.may.some(
      (one) =>
        imported === one ||
        imported.startsWith(`${one}/`) ||
        (one === 'node:*' && imported.startsWith('node:')),
    );
  }
  const target = normalize(join(dirname(path), imported));
  return [from.room, ...from.may].some((one) => target === one || target.startsWith(`${one}/`));
}

describe('the house', () => {
  test('every file imports only what its room may', () => {
    const wrong = tracked
      .filter((file) => /^src\/.*\.ts$/.test(file) && !file.startsWith('src/sandbox/page/'))
      .flatMap((file) => {
        const path = file.slice('src/'.length);
        const room = roomOf(path);
        return importsOf(file)
          .filter(({ from }) => !isAllowed(room, path, from))
          .map(({ line, from }) => `${file}:${line} imports ${from}; ${room.instead}`);
      });
    expect(wrong).toEqual([]);
  });

  test('core and approvals wait for nothing', () => {
    const waiting = tracked
      .filter((file) => /^src\/(core|approvals|expressions)\/.*\.ts$/.test(file))
      .filter((file) => /\bawait\b|\basync\b/.test(read(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')));
    expect(waiting).toEqual([]);
  });

  test('nothing but the desk appends events', () => {
    const writers = tracked.filter(
      (file) => /^src\/.*\.ts$/.test(file) && /\bstore\.(append|create)\(/.test(read(file)),
    );
    expect(writers).toEqual(['src/desk/submit.ts', 'src/desk/write.ts']);
  });

  test('beside the demo, only one file knows the sandbox', () => {
    const starters = tracked
      .filter((file) => /^src\/.*\.ts$/.test(file) && !/^src\/(sandbox|demo)\//.test(file))
      .filter((file) => importsOf(file).some(({ from }) => from.includes('sandbox/')));
    expect(starters).toEqual(['src/start-sandboxed.ts']);
  });
});

describe('the papers', () => {
  test('the README names every command that package.json has', () => {
    const readme = read('README.md');
    const missing = Object.keys(packageJson.scripts).filter(
      (name) => !readme.includes(`npm ${name === 'start' || name === 'test' ? '' : 'run '}${name}`),
    );
    expect(missing).toEqual([]);
  });

  test.each([
    ['src', ['decisions']],
    ['test', []],
  ])('the map of %s names every folder', (folder, others) => {
    const there = tracked.flatMap((file) => new RegExp(`^${folder}/([^/]+)/`).exec(file)?.[1] ?? []);
    const firstCells = [...read(`${folder}/README.md`).matchAll(/^\| (`[^|]+) \|/gm)].map(
      ([, cell = '']) => cell,
    );
    const named = firstCells.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)\/?`/g)].map(([, name]) => name));
    const known = new Set([...named, ...others]);
    expect([...new Set(there)].filter((name) => !known.has(name))).toEqual([]);
  });

  test('decisions are numbered from one on, without a gap or a twin', () => {
    const numbers = tracked.flatMap((file) => /^src\/decisions\/(\d{4})-/.exec(file)?.[1] ?? []);
    expect(numbers).toEqual(numbers.map((_, index) => String(index + 1).padStart(4, '0')));
  });

  test('the test command of CI is the one of the README', () => {
    expect(read('.ci/run')).toContain('npm test');
    expect(read('README.md')).toContain('npm test');
  });

  test('no path of a machine and no registry stands in the tree', () => {
    // Written in two parts, so that this very file does not hold them.
    const traces = [
      ['/wo', 'rk/'],
      ['/ro', 'ot/'],
      ['registry.', 'npmjs'],
    ].map((parts) => parts.join(''));
    const found = tracked
      .filter((file) => /\.(ts|md|yml|yaml|json|css|html)$|^\.ci\/|Dockerfile/.test(file))
      .flatMap((file) =>
        traces.filter((trace) => read(file).includes(trace)).map((trace) => `${file}: ${trace}`),
      );
    expect(found).toEqual([]);
  });
});
