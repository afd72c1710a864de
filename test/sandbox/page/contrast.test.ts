import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../../src/sandbox/page/styles/tokens.css', import.meta.url), 'utf8');
const light = colorsOf(css.slice(0, css.indexOf('@media')));
const darkOfSystem = colorsOf(css.slice(css.indexOf('@media'), css.indexOf('/* The same again')));
const darkByChoice = colorsOf(css.slice(css.indexOf('/* The same again')));

/** Text, and every ground that it stands on. */
const pairs: readonly (readonly [text: string, ...grounds: string[]])[] = [
  ['ink', 'ground', 'ground-soft', 'ground-sunk', 'ground-raised'],
  ['ink-soft', 'ground', 'ground-soft', 'ground-sunk', 'danger-soft'],
  ['ink-faint', 'ground', 'ground-soft', 'ground-raised'],
  ['accent-ink', 'accent', 'accent-strong'],
  ['accent-strong', 'ground', 'accent-soft'],
  ['link', 'ground', 'ground-soft'],
  ['mention', 'mention-soft'],
  ['me', 'me-soft'],
  ['warning-ink', 'warning-soft'],
  ['danger-ink', 'danger-soft', 'ground', 'ground-raised'],
  ['ground', 'danger'],
  ['code-ink', 'code-ground'],
  ['side-ink', 'side', 'side-deep'],
  ['side-faint', 'side', 'side-deep'],
  ['side-ink-strong', 'side-here'],
];

describe('everything can be read', () => {
  it.each([
    ['light', light],
    ['dark', { ...light, ...darkOfSystem }],
  ])('text stands out by 4.5 to 1 or more in %s mode', (_name, colors) => {
    const weak = pairs.flatMap(([text, ...grounds]) =>
      grounds
        .map((ground) => `${text} on ${ground}: ${contrast(colors[text], colors[ground]).toFixed(2)}`)
        .filter((line) => Number(line.split(': ')[1]) < 4.5),
    );
    expect(weak).toEqual([]);
  });

  it('dark is the same dark, whether the system or the person chose it', () => {
    expect(darkByChoice).toEqual(darkOfSystem);
  });
});

function colorsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** As WCAG 2.2 defines it. */
function contrast(one: string | undefined, other: string | undefined): number {
  const [brighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (brighter + 0.05) / (darker + 0.05);
}

function luminance(color = '#000000'): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
