/**
 * Slack renews each socket every few hours and the library takes some seconds to come back: with people at work all the
 * while, over both of them in turn, nobody waits for an answer and nothing is handled twice.
 */
import { expect, test, vi } from 'vitest';
import { world } from './world.ts';

test('through a planned refresh of both sockets, one after the other, every command is answered once', async () => {
  const { sandbox, desk } = await world();
  const dana = sandbox.as('U0DANA');
  const sockets = async () => (await sandbox.world()).connection;
  let asked = 0;
  for (let round = 0; round < 2; round++) {
    await sandbox.change({ do: 'disconnect-app', reason: 'refresh_requested', sockets: 'one' });
    await vi.waitFor(async () => expect(await sockets()).toMatchObject({ sockets: 1 }));
    await vi.waitFor(
      async () => {
        asked += 1;
        await dana.command('#general', `/env create thing-${asked}`);
        expect(await sockets()).toMatchObject({ sockets: 2 });
      },
      { timeout: 20_000, interval: 100 },
    );
  }
  await dana.sees(`thing-${asked}`, { in: '#platform-requests' });
  expect(asked).toBeGreaterThan(10);
  expect(desk.requests.size).toBe(asked);
}, 60_000);

test('what Slack tells while both are broken comes again, and is handled once', async () => {
  const { sandbox, slack } = await world();
  const dana = sandbox.as('U0DANA');
  await sandbox.change({ do: 'drop-app' });
  await vi.waitFor(() => expect(slack.isReady()).toBe(false));
  await dana.openHome();
  await vi.waitFor(async () => expect((await sandbox.world()).connection).toMatchObject({ sockets: 2 }), {
    timeout: 20_000,
  });
  // Slack's own retries, in its own time.
  await sandbox.advance(70_000);
  await vi.waitFor(async () => {
    const drawn = (await sandbox.journal()).filter(
      (entry) => 'operation' in entry && entry.operation === 'views.publish',
    );
    expect(drawn).toHaveLength(1);
  });
}, 60_000);
