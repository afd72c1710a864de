/** A small part of `npm run fuzz`, with a seed of its own: what it finds is found again by the same seed and number. */
import { expect, test } from 'vitest';
import { doors } from './doors.ts';
import { examine } from './examine.ts';

/** Few of those whose inputs are large, so that all of them together take twenty seconds. */
const inputs: Readonly<Record<string, number>> = {
  'command lines': 2_000,
  'interaction payloads': 2_000,
  'signed requests': 1_500,
  'policy and catalog files': 600,
  'webhook bodies': 1_200,
};

test.each(doors.map((door) => [door.name, door] as const))(
  '%s: whatever comes in is answered within 100 ms of work, and nothing breaks',
  async (name, door) => {
    const to = inputs[name] ?? 0;
    expect(to).toBeGreaterThan(0);
    const { found, answered } = await examine(door, { seed: 7, from: 0, to });
    expect(found).toEqual([]);
    expect(answered).toBe(to);
  },
);
