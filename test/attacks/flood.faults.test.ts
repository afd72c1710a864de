/** One person asks for everything at once; a stranger on this machine asks the sandbox. */
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { personIdSchema } from '../../src/core/ids.ts';
import { controlRoutes } from '../../src/sandbox/protocol.ts';
import { siege } from './siege.ts';

const bot = siege('socket');
const flood = 200;
/** As many at once as a script would send. */
const wave = 25;
const made = flood / 5;

test('two hundred commands of one person are each answered, and get no more than one would', async () => {
  const dana = bot.as('U0DANA');
  for (let first = 0; first < flood; first += wave) {
    const asking = Array.from({ length: wave }, (_, index) =>
      dana.command(
        '#platform-requests',
        index % 5 === 0 ? `/env create flood-${first + index}` : '/requests',
      ),
    );
    // Somebody else is not kept waiting by it.
    const other = bot.as('U0SAM').command('#deploys', '/requests');
    await Promise.all([...asking, other]);
  }
  await bot.as('U0SAM').sees('Nothing waits for you', { ephemeral: true });
  for (let tick = 0; tick < 6; tick++) {
    await bot.stage.settle();
    await bot.stage.clock.advance(5_000);
  }
  await bot.stage.settle();

  const states = new Map<string, number>();
  for (let number = 1; number <= made; number++) {
    const { status } = await bot.request(`REQ-${number}`);
    states.set(status, (states.get(status) ?? 0) + 1);
  }
  // Three run by themselves; from there on the guardrails ask a platform lead, however fast somebody types.
  expect(states.get('succeeded') ?? 0).toBeLessThanOrEqual(3);
  expect((states.get('succeeded') ?? 0) + (states.get('waiting') ?? 0)).toBe(made);
  await expect(bot.request(`REQ-${made + 1}`)).rejects.toThrow('there is no');
  expect(bot.refusals()).toEqual([]);

  const { desk } = bot.stage.app;
  const mine = await desk.overview({ id: personIdSchema.parse('U0DANA'), name: 'Dana', kind: 'member' });
  expect(mine.mine.length).toBeLessThanOrEqual(20);
});

describe("the sandbox's own door", () => {
  const foreign = { origin: 'https://evil.example' };

  test.each([
    ['sees the workspace', 'GET', controlRoutes.world, foreign],
    ['acts as somebody', 'POST', controlRoutes.command, foreign],
    ['changes the world', 'POST', controlRoutes.change, foreign],
    ['moves the clock', 'POST', controlRoutes.clock, foreign],
    ['speaks as the bot', 'POST', '/api/chat.postMessage', foreign],
    ['hides where it is from', 'POST', controlRoutes.command, { origin: 'null' }],
    ['comes by another port', 'POST', controlRoutes.command, { origin: 'http://127.0.0.1:1' }],
    ['came by a name that leads here', 'GET', controlRoutes.world, { host: 'evil.example' }],
  ])('stays shut for a page elsewhere that %s', async (_what, method, path, headers) => {
    expect(await statusOf(bot.stage.world.url, method, path, headers)).toBe(403);
  });

  test.each(['github', 'cluster'] as const)('so does that of its %s', async (box) => {
    const { url } = bot.stage.world[box];
    expect(await statusOf(url, 'GET', '/', foreign)).toBe(403);
  });
});

/** `fetch` sets host and origin by itself, so a forger takes the plain client. */
function statusOf(
  base: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string | undefined>>,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request(new URL(path, base), { method, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    call.on('error', reject);
    call.end();
  });
}
