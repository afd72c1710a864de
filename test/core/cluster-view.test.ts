import { expect, test } from 'vitest';
import { viewerOf } from '../../src/core/cluster-view.ts';
import { personIdSchema } from '../../src/core/ids.ts';
import { systemPerson } from '../../src/core/person.ts';
import { catalog } from '../approvals/shipped.ts';

test('a person looks with their address in small letters and the groups of the catalog, Greenlight with its own rights', () => {
  const sam = {
    id: personIdSchema.parse('U0SAM'),
    name: 'Sam',
    kind: 'member',
    email: 'Sam@Acme.example',
  } as const;
  expect(viewerOf(sam, catalog)).toEqual({ kind: 'person', email: 'sam@acme.example', groups: ['sre'] });
  const { email: _none, ...nameless } = sam;
  expect(viewerOf(nameless, catalog)).toEqual({ kind: 'person', email: undefined, groups: [] });
  expect(viewerOf(systemPerson, catalog)).toEqual({ kind: 'system' });
});
