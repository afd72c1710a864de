// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are what is tested here.
import { expect, test } from 'vitest';
import { deployStrategySchema, fillDelivered } from '../../src/core/deploy-strategy.ts';
import { matchesGlob } from '../../src/core/glob.ts';

test.each([
  ['migrations/0042.sql', 'migrations/**', true],
  ['migrations/sql/0042.sql', 'migrations/**', true],
  ['db/migrations/0042.sql', 'migrations/**', false],
  ['db/migrations/0042.sql', '**/migrations/*.sql', true],
  ['migrations/0042.sql', '**/migrations/*.sql', true],
  ['migrations/a/0042.sql', 'migrations/*.sql', false],
  ['migrationsXsql', 'migrations.sql', false],
  ['a(b)[c].sql', 'a(b)[c].sql', true],
])('%s by %s: %s', (path, pattern, matches) => {
  expect(matchesGlob(path, pattern)).toBe(matches);
});

const delivered = { service: 'search', environment: 'staging', version: 'v0.9.4', commit: 'abc' };

test('a template is filled with what goes out', () => {
  const text = 'r/${service}-${environment}:${number}-${version}-${commit}';
  expect(fillDelivered(text, delivered)).toBe('r/search-staging:0.9.4-v0.9.4-abc');
  expect(fillDelivered('${number}', { ...delivered, version: 'vanilla' })).toBe('vanilla');
  expect(fillDelivered('${other}', delivered)).toBe('${other}');
});

test('a template that speaks of something else is refused when the catalog is read', () => {
  const image = (text: string) => deployStrategySchema.safeParse({ by: 'image', image: text });
  expect(image('r/search:${number}').success).toBe(true);
  expect(image('r/search:${tag}').success).toBe(false);
  expect(image('r/search:${number').success).toBe(false);
});
