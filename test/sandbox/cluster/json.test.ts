/** The box's plain JSON: what is copied is the client's, whatever its keys are called. */
import { expect, test } from 'vitest';
import { copy, same } from '../../../src/sandbox/cluster/json.ts';

test('a copy shares nothing, and a key that names the prototype is a key like any other', () => {
  const sent = JSON.parse('{"list":[{"a":null}],"__proto__":{"admin":true}}');
  const made = copy(sent);
  expect(JSON.stringify(made)).toBe(JSON.stringify(sent));
  expect(made.list[0]).not.toBe(sent.list[0]);
  expect(made.admin).toBeUndefined();
});

test('values are the same in any order of keys, and what is undefined is absent', () => {
  expect(same({ a: 1, b: [{ c: 2 }] }, { b: [{ c: 2 }], a: 1 })).toBe(true);
  expect(same({ a: 1, b: undefined as never }, { a: 1 })).toBe(true);
  expect(same({ a: 1 }, { a: 1, b: undefined as never })).toBe(true);
  expect(same({ a: 1 }, { a: 1, b: null })).toBe(false);
  expect(same({ a: 1, b: null }, { a: 1 })).toBe(false);
  expect(same({}, JSON.parse('{"__proto__":{}}'))).toBe(false);
});
