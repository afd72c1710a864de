/** However badly one part ends, the others end, in their order and in time. */
import { expect, test } from 'vitest';
import { secondMs } from '../../src/core/duration.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { endInOrder } from '../../src/wiring/end-in-order.ts';

function end() {
  const clock = createWorldClock({ mode: 'still' });
  const happened: string[] = [];
  const say = (fields: Readonly<Record<string, unknown>>, message: string) =>
    void happened.push(`${fields.part}: ${message}`);
  const log = { info: say, warn: say, error: say };
  const part = (name: string) => async () => void happened.push(name);
  return { clock, happened, part, tools: { scheduler: clock, log } };
}

test('stages end one after the other', async () => {
  const { happened, part, tools } = end();
  const slow = async () => {
    await new Promise(setImmediate);
    happened.push('runner');
  };
  const left = await endInOrder(
    [
      { withinMs: secondMs, parts: { runner: slow, slack: part('slack') } },
      { withinMs: secondMs, parts: { store: part('store') } },
    ],
    tools,
  );
  expect(left).toEqual([]);
  expect(happened).toEqual(['slack', 'runner', 'store']);
});

test('what hangs is left when its time is over, and the next stage gets its own', async () => {
  const { clock, happened, part, tools } = end();
  const ended = endInOrder(
    [
      { withinMs: 5 * secondMs, parts: { runner: () => new Promise(() => {}), slack: part('slack') } },
      { withinMs: secondMs, parts: { store: part('store') } },
    ],
    tools,
  );
  await new Promise(setImmediate);
  expect(happened).toEqual(['slack']);
  await clock.advance(5 * secondMs);
  expect(await ended).toEqual(['runner']);
  expect(happened).toEqual(['slack', 'runner: did not end in time; it is left', 'store']);
});

test('what fails or leaves something says so, and spoils nothing', async () => {
  const { happened, part, tools } = end();
  const left = await endInOrder(
    [
      {
        withinMs: secondMs,
        parts: {
          cards() {
            throw new Error('broken');
          },
          runner: async () => false,
          homes: () => undefined,
        },
      },
      { withinMs: secondMs, parts: { store: part('store') } },
    ],
    tools,
  );
  expect(left.toSorted()).toEqual(['cards', 'runner']);
  expect(happened.toSorted()).toEqual([
    'cards: did not end in order',
    'runner: left something in flight; another replica or the next start goes on with it',
    'store',
  ]);
});
