import { expect, test } from 'vitest';
import { githubLoginOf, groupsOf } from '../../src/core/catalog.ts';

const people = { 'Dana@acme.example': { github: 'dana-fox' } };

test('who somebody is at GitHub is known by their address, whatever its case, or not at all', () => {
  expect(githubLoginOf({ people }, 'dana@ACME.example')).toBe('dana-fox');
  expect(githubLoginOf({ people }, 'priya@acme.example')).toBeUndefined();
  expect(githubLoginOf({ people }, undefined)).toBeUndefined();
  expect(githubLoginOf({}, 'dana@acme.example')).toBeUndefined();
});

test('somebody is in the groups that name their address, in the order of the catalog, whatever its case', () => {
  const group = (...members: string[]) => ({ title: 'X', members });
  const groups = { sre: group('Sam@acme.example', 'sam@acme.example'), leads: group('sam@acme.example') };
  expect(groupsOf({ groups }, 'SAM@acme.example')).toEqual(['sre', 'leads']);
  expect(groupsOf({ groups }, 'dana@acme.example')).toEqual([]);
  expect(groupsOf({ groups }, undefined)).toEqual([]);
  // What is known of one catalog says nothing of the next.
  expect(groupsOf({ groups: { sre: groups.sre } }, 'sam@acme.example')).toEqual(['sre']);
});
