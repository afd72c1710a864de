/** Where a card goes when its channel is shared with another company, and who is told so. */
import { expect, test } from 'vitest';
import { ProblemError, problem } from '../../src/core/problem.ts';
import { createCardPlaces } from '../../src/slack/card-places.ts';
import { collectingLog } from '../handlers/world.ts';
import { sample } from './samples.ts';

/** Cards of deployments go elsewhere; telling it fails with each of these, one after the other. */
function places(failures: unknown[]) {
  const told: string[] = [];
  const { placeFor } = createCardPlaces({
    channels: { requests: 'C0REQUESTS', deploys: 'C0DEPLOYS' },
    guard: {
      refusal: async (channel) =>
        channel === 'C0DEPLOYS' ? problem('outside_refused', 'It is shared.', 'Use another.') : undefined,
      isShared: async (channel) => channel === 'C0DEPLOYS',
      forget: () => undefined,
    },
    log: collectingLog([]),
    async tellRequester(_request, { text }) {
      if (failures.length > 0) throw failures.shift();
      told.push(text);
    },
  });
  return { told, place: () => placeFor(sample('waiting', { channel: 'deploys' })) };
}

test('that a card is elsewhere is told once, and not before it could be', async () => {
  const away = new ProblemError(problem('outside_unavailable', 'Later.', 'Wait.', { isTransient: true }));
  const { told, place } = places([away]);
  await expect(place()).rejects.toBe(away);
  expect([await place(), await place()]).toEqual(['C0REQUESTS', 'C0REQUESTS']);
  expect(told).toEqual([expect.stringContaining('is in <#C0REQUESTS>')]);
});

test('a card goes out though its requester can never be told where it is', async () => {
  const { told, place } = places([new ProblemError(problem('internal', 'No.', 'Ask.'))]);
  expect([await place(), await place()]).toEqual(['C0REQUESTS', 'C0REQUESTS']);
  expect(told).toEqual([]);
});
