import { describe, expect, test } from 'vitest';
import { drawPicture } from '../../src/charts/picture.ts';
import { renderPng } from '../../src/charts/png.ts';
import { timeTicks, topOf } from '../../src/charts/scale.ts';
import type { Chart, ChartSheet } from '../../src/core/chart.ts';

const from = Date.UTC(2026, 10, 18, 8);
const hour = 3_600_000;

function chart(more: Partial<Chart> = {}): Chart {
  const points = (value: number) =>
    Array.from({ length: 61 }, (_, at) => ({ at: from + at * 60_000, value }));
  return {
    title: 'Latency',
    unit: 'seconds',
    from,
    to: from + hour,
    marks: [],
    lines: [0.04, 0.2, 0.21].map((value, index) => ({
      name: `p${index}`,
      points: points(value),
      gapMs: 180_000,
    })),
    ...more,
  };
}

const sheet = (...charts: Chart[]): ChartSheet => ({
  name: 'a.png',
  title: 'payments',
  zone: 'Europe/Berlin',
  charts,
});
const draw = (...charts: Chart[]) => drawPicture(sheet(...charts));

describe('a picture of charts', () => {
  test('says which line is which by name and dashes, not by colour alone', () => {
    const svg = draw(chart());
    const dashes = [...svg.matchAll(/<polyline[^>]*stroke-dasharray="([^"]*)"/g)].map(([, dash]) => dash);
    expect(new Set(dashes).size).toBe(3);
    for (const name of ['p0', 'p1', 'p2']) expect(svg).toContain(`>${name}</text>`);
  });

  test('names that would lie on each other stand apart', () => {
    const svg = draw(chart());
    const heights = [...svg.matchAll(/<text x="[\d.]+" y="([\d.]+)"[^>]*>p[12]</g)].map(([, y]) => Number(y));
    expect(Math.abs((heights[0] ?? 0) - (heights[1] ?? 0))).toBeGreaterThanOrEqual(13);
  });

  test('marks each deploy, and writes no version over another', () => {
    const marks = [10, 11, 40].map((minute) => ({ at: from + minute * 60_000, label: `v1.4.${minute}` }));
    const svg = draw(chart({ marks: [...marks, { at: from - 1, label: 'before' }] }));
    expect(svg.match(/stroke-dasharray="4 3"/g)).toHaveLength(3);
    expect(svg).toContain('v1.4.10');
    expect(svg).not.toContain('v1.4.11');
    expect(svg).toContain('v1.4.40');
    expect(svg).not.toContain('before');
  });

  test('a gap in the numbers is a gap in the line, and a lonely number a dot', () => {
    const at = (minute: number) => ({ at: from + minute * 60_000, value: 1 });
    const lines = [{ name: 'a', gapMs: 180_000, points: [at(0), at(1), at(30), at(58), at(60)] }];
    const svg = draw(chart({ lines }));
    expect(svg.match(/<polyline/g)).toHaveLength(2);
    expect(svg.match(/<circle/g)).toHaveLength(1);
  });

  test('where nothing is known it says why', () => {
    const svg = draw(chart(), chart({ title: 'Errors', lines: [], gap: 'No data: is the label right?' }));
    expect(svg).toContain('No data: is the label right?');
  });

  test('no title and no version is more than text', () => {
    const hostile = '</text><script>"&\u0000\ud800';
    const svg = drawPicture({
      ...sheet(chart({ title: hostile, marks: [{ at: from, label: hostile }] })),
      title: hostile,
    });
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;/text&gt;&lt;script&gt;&quot;&amp;');
    expect([svg.includes('\u0000'), svg.isWellFormed()]).toEqual([false, true]);
  });

  test('becomes a PNG twice its size, with letters in it', async () => {
    const png = Buffer.from(await renderPng(draw(chart())));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([880, 528]);
    const bare = Buffer.from(await renderPng(draw(chart()).replaceAll(/<text.*?<\/text>/g, '')));
    expect(bare.length).toBeLessThan(png.length - 5_000);
  });
});

describe('beside the axes stand round numbers', () => {
  test.each([
    [{ unit: 'perSecond' as const }, 0, 1],
    [{ unit: 'perSecond' as const }, 23, 30],
    [{ unit: 'ratio' as const }, 0.0004, 0.01],
    [{ unit: 'ratio' as const }, 0.033, 0.04],
    [{ unit: 'seconds' as const }, 0.37, 0.4],
  ])('%j up to %d has the top %d', (unit, highest, top) => {
    const lines = [{ name: 'a', gapMs: 1, points: [{ at: from, value: highest }] }];
    expect(topOf(chart({ ...unit, lines }))).toBeCloseTo(top, 10);
  });

  test.each([
    ['Europe/Berlin', hour, ['09:00', '09:10', '09:20', '09:30', '09:40', '09:50', '10:00']],
    ['Asia/Kathmandu', hour, ['13:50', '14:00', '14:10', '14:20', '14:30', '14:40']],
    ['America/New_York', 24 * hour, ['04:00', '08:00', '12:00', '16:00', '20:00', '00:00']],
  ])('times are those of %s', (zone, length, labels) => {
    expect(timeTicks(from, from + length, zone).map(({ label }) => label)).toEqual(labels);
  });
});
