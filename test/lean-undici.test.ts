/** What stands in the place of undici has all that is asked of it, and is not the whole before somebody asks. */
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const require = createRequire(import.meta.url);
const root = new URL('..', import.meta.url).pathname;

/** Names that a file takes out of undici, imported or by way of what `require` gave. */
function namesIn(text: string): readonly string[] {
  const imported = [...text.matchAll(/import \{([^}]*)\} from 'undici'/g)]
    .flatMap(([, names = '']) => names.split(','))
    .filter((name) => !name.trim().startsWith('type '))
    .map((name) => name.trim().split(' ')[0] ?? '');
  const taken = [...text.matchAll(/\bundici_1\.(\w+)/g)].map(([, name = '']) => name);
  return [...imported, ...taken].filter((name) => name !== '');
}

test('each name that the bot or a library of ours takes out of it is there', () => {
  const files = globSync(
    [
      ...['src/!(sandbox)/**/*.ts', 'node_modules/@slack/{bolt,socket-mode}/dist/**/*.js'],
      'node_modules/@kubernetes/client-node/dist/{config.js,gen/http/*.js}',
    ],
    { cwd: root },
  );
  const asked = new Set(files.flatMap((file) => namesIn(readFileSync(`${root}${file}`, 'utf8'))));
  expect([...asked].sort()).toEqual([
    ...['Agent', 'CloseEvent', 'ErrorEvent', 'MessageEvent', 'ProxyAgent', 'WebSocket', 'buildConnector'],
    ...['fetch', 'ping'],
  ]);
  const lean = require('../src/lean-undici.cjs') as Readonly<Record<string, unknown>>;
  const whole = require('undici/index.js') as Readonly<Record<string, unknown>>;
  for (const name of asked) expect(typeof lean[name], name).toBe(typeof whole[name]);
});

test('the whole is loaded when its browser half is used, and not before', async () => {
  const script = `
    const { Agent, fetch } = require('./src/lean-undici.cjs');
    const loaded = () => Object.keys(require.cache).filter((file) => file.includes('/undici/')).length;
    const before = loaded();
    const server = require('node:http').createServer((_request, response) => response.end('hello'));
    server.listen(0, '127.0.0.1', async () => {
      const url = 'http://127.0.0.1:' + server.address().port;
      const agent = new Agent();
      const { body } = await agent.request({ origin: url, path: '/', method: 'GET' });
      const texts = [await body.text()];
      const between = loaded();
      texts.push(await (await fetch(url, { dispatcher: agent })).text());
      await agent.close();
      server.close();
      console.log(JSON.stringify({ texts, before, between, after: loaded() }));
    });`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd: root });
  const { texts, before, between, after } = JSON.parse(stdout);
  expect(texts).toEqual(['hello', 'hello']);
  // Its parser of HTTP comes with the first connection.
  expect(between).toBeLessThanOrEqual(before + 1);
  expect(after).toBeGreaterThan(2 * before);
});
