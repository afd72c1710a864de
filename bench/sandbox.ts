/**
 * `npm run bench`: how long a standalone sandbox takes from its start to its first page, and how much memory it holds
 * after ten thousand messages. Ends with 1 when a limit of issue 3 is passed.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connectSandbox } from '../src/sandbox/client.ts';

/** From the start of the process to a page with all its modules, in ms. */
const firstPageMsMax = 2_000;
/** Resident memory of the process, in bytes. */
const memoryMax = 150_000_000;
const messages = 10_000;
/** Half of them are said by people, half are cards of the app with this many blocks. */
const blocksPerCard = 5;
const atOnce = 10;

const root = new URL('..', import.meta.url).pathname;
const botToken = 'xoxb-sandbox-greenlight';

const startedAt = performance.now();
const child = start();
try {
  const url = await addressOf(child);
  const addressMs = performance.now() - startedAt;
  const files = await loadPage(url);
  const pageMs = performance.now() - startedAt;
  const before = residentMemory(child);
  await fill(url);
  const after = residentMemory(child);
  report([
    ['start to the printed address', `${Math.round(addressMs)} ms`, ''],
    [`start to the first page (${files} files)`, `${Math.round(pageMs)} ms`, `${firstPageMsMax} ms`],
    ['memory with the seed and one page', megabytes(before), ''],
    [`memory with ${messages} messages`, megabytes(after), megabytes(memoryMax)],
  ]);
  if (pageMs > firstPageMsMax || after > memoryMax) process.exitCode = 1;
} finally {
  child.kill('SIGTERM');
}

/** Exactly as `npm run sandbox` starts it, without npm's own process. */
function start(): ChildProcess {
  const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [, ...args] = (scripts.sandbox ?? '').split(' ');
  return spawn(process.execPath, [...args, '--manifest', 'manifest.yml', '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function addressOf({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    stdout?.on('data', (chunk: Buffer) => {
      said += chunk;
      const url = /Open (http\S+)/.exec(said)?.[1];
      if (url) resolve(url);
    });
    stdout?.on('end', () => reject(new Error('The sandbox ended before it had an address.')));
  });
}

/** What a browser asks for at first: the document, its styles, and the client with everything it imports. */
async function loadPage(url: string): Promise<number> {
  const seen = new Set<string>();
  const load = async (path: string): Promise<void> => {
    const address = new URL(path, url);
    if (seen.has(address.pathname)) return;
    seen.add(address.pathname);
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address.pathname} answered ${response.status}.`);
    const text = await response.text();
    const links = path === '/' ? text.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g) : importsOf(path, text);
    await Promise.all([...links].map(([, link = '']) => load(new URL(link, address).pathname)));
  };
  await load('/');
  return seen.size;
}

function importsOf(path: string, code: string): Iterable<RegExpExecArray> {
  return path.endsWith('.ts') ? code.matchAll(/from\s*['"](\.[^'"]+)['"]/g) : [];
}

async function fill(url: string): Promise<void> {
  const sandbox = connectSandbox(url);
  const dana = sandbox.as('U0DANA');
  const channels = (await sandbox.world()).channels.filter((one) => one.kind === 'channel');
  for (let count = 0; count < messages; count += 2 * atOnce) {
    const numbers = Array.from({ length: atOnce }, (_, index) => count + index);
    await Promise.all(
      numbers.flatMap((number) => {
        const channel = channels[number % channels.length]?.id ?? '';
        return [
          dana.say(channel, `Message ${number}, about as long as most are`),
          post(url, channel, number),
        ];
      }),
    );
    // Slack takes one message a second in a channel: time passes, so that none is refused.
    await sandbox.advance(60_000);
  }
}

async function post(url: string, channel: string, number: number): Promise<void> {
  const blocks = Array.from({ length: blocksPerCard }, (_, index) => ({
    type: 'section',
    text: { type: 'mrkdwn', text: `*Step ${index}* of request ${number}: the image was built and pushed` },
  }));
  const response = await fetch(`${url}/api/chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel, text: `Request ${number}`, blocks }),
  });
  const answer = (await response.json()) as { ok: boolean; error?: string };
  if (!answer.ok) throw new Error(`chat.postMessage: ${answer.error}`);
}

/** In bytes, from what every Unix's `ps` tells in kibibytes. */
function residentMemory({ pid }: ChildProcess): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1_024;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}

function report(rows: readonly (readonly [what: string, measured: string, limit: string])[]): void {
  for (const [what, measured, limit] of rows)
    process.stdout.write(`${what.padEnd(40)}${measured.padStart(10)}${limit ? `   limit ${limit}` : ''}\n`);
}
