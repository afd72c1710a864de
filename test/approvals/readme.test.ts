import { expect, test } from 'vitest';
import { readPolicy } from '../../src/approvals/policy.ts';
import { diffInWords, type Turn } from '../../src/approvals/policy-diff.ts';
import { runPolicyTest } from '../../src/approvals/policy-test.ts';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { catalog, mistakesOf, readRules, shippedPolicy, sourceOf, subjects } from './shipped.ts';

const blocks = [...sourceOf('src/approvals/README.md').text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, text = '']) => text,
);
const startingWith = (start: string) => blocks.filter((text) => text.startsWith(start));

test.each(startingWith('- id:'))('the rules that the README shows are right: %s', (rules) => {
  expect(mistakesOf(readRules(rules))).toEqual([]);
});

test.each(['windows:', 'limits:', 'break_glass:'].flatMap(startingWith))(
  'the policy that the README shows is right: %s',
  (text) => {
    expect(mistakesOf(readPolicy({ file: 'README.md', text }, subjects, catalog))).toEqual([]);
  },
);

test.each(startingWith('when:').flatMap((text) => text.trim().split('\n')))(
  'the condition that the README shows is right: %s',
  (when) => {
    const windows = 'windows: { weekend-freeze: { weekly: { from: fri 16:00, to: mon 06:00 } } }\n';
    const on = when.includes('input.') ? 'environment.create' : 'deploy';
    expect(mistakesOf(readRules(`- id: a\n  on: ${on}\n  ${when}\n  allow: x\n`, windows))).toEqual([]);
  },
);

test.each(startingWith('- name:'))('the promise that the README shows is kept: %s', (example) => {
  const [defaults] = sourceOf('data/policy.test.yml').text.split('examples:');
  const run = runPolicyTest(shippedPolicy, { file: 'README.md', text: `${defaults}examples:\n${example}` });
  expect(run).toMatchObject({ ok: true, value: [{ failures: [] }] });
});

test.each(startingWith('invariants:'))(
  'the invariant that the README shows holds, and its hole is told as it says',
  (text) => {
    const file = 'data/policy.yml';
    expect(mistakesOf(readPolicy({ file, text }, subjects, catalog))).toEqual([]);
    const [hole = ''] = mistakesOf(
      readPolicy({ file, text: text.replace('tier: staging', 'tier: production') }, subjects, catalog),
    );
    const shown = sourceOf('src/approvals/README.md').text.replaceAll('\n', ' ');
    expect(shown).toContain(`${file}:${hole}`);
  },
);

test('the README shows each kind', () => {
  expect(blocks.length).toBeGreaterThanOrEqual(8);
});

test.each(startingWith('groups:'))('the groups that the README shows are right: %s', (text) => {
  const shipped = sourceOf('data/catalog.yml').text;
  const rest = shipped
    .replace(/^groups:[\s\S]*?(?=^people:)/m, '')
    .replace(/^schedules:[\s\S]*?(?=^clusters:)/m, '')
    .replaceAll(/\[checkout(?:, payments)?\]/g, '[payments]');
  const read = readCatalog({ file: 'README.md', text: `${text}${rest}` });
  expect(mistakesOf(read).filter((one) => !one.includes('there is no group'))).toEqual([]);
});

test('a difference reads as the README shows it', () => {
  const requests = new Map<Turn, readonly string[]>([
    ['never_approved', ['REQ-5']],
    ['denied', ['REQ-4', 'REQ-8']],
    ['runs_by_itself', ['REQ-3', 'REQ-7', 'REQ-9']],
  ]);
  const lines = diffInWords({ judged: 6, unreadable: 0, uncounted: [], requests, looks: new Map() }, 20);
  expect(sourceOf('src/approvals/README.md').text).toContain(lines.join('\n'));
});
