/** What stands where nothing was said, and what is said of what cannot be read. */
import { describe, expect, test } from 'vitest';
import { dana, deskWorld, value } from './desk-world.ts';

const rules = `
  - id: environments
    on: environment.create
    allow: anybody may
`;

async function ask(input: Readonly<Record<string, unknown>>) {
  const { desk } = await deskWorld(rules);
  return desk.submit({
    key: 'one',
    action: 'environment.create',
    input: { name: 'mine', ...input },
    requester: dana,
    origin: { surface: 'command' },
  });
}

describe('the size of an environment', () => {
  test('is what its blueprint names where nobody says another', async () => {
    expect(value(await ask({ blueprint: 'namespace' })).input).toMatchObject({ cpu: 1, memoryGi: 2 });
    expect(value(await ask({ blueprint: 'namespace', cpu: 3 })).input).toMatchObject({ cpu: 3, memoryGi: 2 });
    expect(value(await ask({})).input).toMatchObject({ blueprint: 'web-service', cpu: 2, memoryGi: 4 });
  });
});

describe('a mistake', () => {
  test.each([
    [{ name: 'x'.repeat(60) }, 'Name: at most 50 characters.'],
    [{ name: 'x' }, 'Name: at least 2 characters.'],
    [{ cpu: 0 }, 'CPU: more than 0.'],
    [{ cpu: 1e6 }, 'CPU: at most 256.'],
    [{ replicas: 'lots' }, 'Replicas: it is a number.'],
    [{ name: undefined }, 'Name: it is required.'],
    [{ colour: 'red' }, 'That cannot be read: there is no "colour" here.'],
    [
      { name: 'Load Test' },
      'Name: use small letters, digits and dashes, with a letter or digit at both ends.',
    ],
  ])('in %o is told with the title of its field, in words', async (input, sentence) => {
    expect(await ask(input)).toMatchObject({ ok: false, problem: { code: 'bad_input', sentence } });
  });
});
