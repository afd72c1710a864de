import { expect, test } from 'vitest';
import type { Chart } from '../../src/core/chart.ts';
import { chartWords, valueWords } from '../../src/core/chart-words.ts';

test.each([
  ['perSecond', 0, '0/s'],
  ['perSecond', 0.004, '< 0.01/s'],
  ['perSecond', 1.234, '1.2/s'],
  ['perSecond', 24.56, '24.6/s'],
  ['perSecond', 1234.5, '1235/s'],
  ['ratio', 0.031, '3.1 %'],
  ['seconds', 0.0467, '46.7 ms'],
  ['seconds', 1.26, '1.3 s'],
] as const)('%s %d is %s', (unit, value, expected) => {
  expect(valueWords(unit, value)).toBe(expected);
});

const at = (...values: number[]) => values.map((value, index) => ({ at: index * 60_000, value }));
const chart = (more: Partial<Chart>): Chart => ({
  ...{ title: 'Latency', unit: 'seconds', from: 0, to: 3_600_000, lines: [], marks: [] },
  ...more,
});

test('a chart says all of itself to those who do not see it', () => {
  const lines = [
    { name: 'p50', points: at(0.04, 0.05), gapMs: 1 },
    { name: 'p99', points: [], gapMs: 1 },
  ];
  const marks = [
    { at: 1, label: 'v1' },
    { at: 2, label: 'v2' },
  ];
  expect(chartWords(chart({ lines, marks }))).toBe(
    'Latency: p50 now 50 ms, between 40 ms and 50 ms; p99 not known. Deployed meanwhile: v1 and v2.',
  );
  expect(chartWords(chart({ lines: lines.slice(0, 1) }))).toBe(
    'Latency: now 50 ms, between 40 ms and 50 ms.',
  );
  expect(chartWords(chart({ gap: 'No data: is the label right?' }))).toBe(
    'Latency: No data: is the label right?',
  );
});
