import { expect, test } from 'vitest';
import { githubLoginOf } from '../../src/core/catalog.ts';

const people = { 'Dana@acme.example': { github: 'dana-fox' } };

test('who somebody is at GitHub is known by their address, whatever its case, or not at all', () => {
  expect(githubLoginOf({ people }, 'dana@ACME.example')).toBe('dana-fox');
  expect(githubLoginOf({ people }, 'priya@acme.example')).toBeUndefined();
  expect(githubLoginOf({ people }, undefined)).toBeUndefined();
  expect(githubLoginOf({}, 'dana@acme.example')).toBeUndefined();
});
