/** The real sources of time and chance, as far as they promise anything. */
import { expect, test, vi } from 'vitest';
import { referenceAlphabet, systemChance } from '../src/chance.ts';
import { systemScheduler } from '../src/clock.ts';

test('a reference has eight characters that can be read out, and no two are the same', () => {
  const references = Array.from({ length: 500 }, () => systemChance.reference());
  for (const reference of references) expect(reference).toMatch(new RegExp(`^[${referenceAlphabet}]{8}$`));
  expect(new Set(references).size).toBe(references.length);
  expect(referenceAlphabet).not.toMatch(/[01oilu]/);
});

test('a delay beyond the reach of a timer does not fire at once, and a cancelled one never does', () => {
  vi.useFakeTimers();
  try {
    const fired: string[] = [];
    systemScheduler.after(2 ** 40, () => fired.push('far'));
    systemScheduler.after(1000, () => fired.push('cancelled')).cancel();
    systemScheduler.after(-5, () => fired.push('past'));
    vi.advanceTimersByTime(60_000);
    expect(fired).toEqual(['past']);
  } finally {
    vi.useRealTimers();
  }
});
