import { expect, test } from 'vitest';
import { hiddenAddress, knownAuthors } from '../../src/core/authors.ts';

test('an author is known by an address of the catalog, or by the account that the catalog gives to one', () => {
  const isKnown = knownAuthors({
    people: { 'dana@acme.example': { github: 'dana-fox' } },
    groups: { sre: { title: 'SRE', members: ['Sam@acme.example'] } },
  });
  expect(isKnown(['sam@ACME.example'])).toBe(true);
  expect(isKnown([hiddenAddress('dana-fox')])).toBe(true);
  expect(isKnown([hiddenAddress('stranger'), 'stranger@elsewhere.example'])).toBe(false);
  expect(knownAuthors({ groups: {} })([hiddenAddress('dana-fox')])).toBe(false);
});
