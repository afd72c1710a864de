import { expect, test } from 'vitest';
import { inputSchemaOf } from '../../src/schemas/input-schema.ts';

test('each field of a schema keeps to its own pattern', () => {
  const made = inputSchemaOf({
    type: 'object',
    properties: {
      chart: { type: 'string', pattern: '^[a-z-]+$' },
      version: { type: 'string', pattern: '^\\d+\\.\\d+$' },
    },
  });
  if (!made.ok) throw new Error(JSON.stringify(made.mistakes));
  expect(made.value.check({ chart: 'hello-web', version: '1.2' }).ok).toBe(true);
  expect(made.value.check({ chart: '1.2', version: 'hello-web' }).ok).toBe(false);
});
