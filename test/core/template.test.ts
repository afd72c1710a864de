// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are what is tested here.
import { expect, test } from 'vitest';
import { checkTemplate, fillTemplate } from '../../src/core/template.ts';

const values = { environment: { name: 'pr-1' }, input: { replicas: 3, isPublic: true } };

test('a text that is only a placeholder keeps the type of its value', () => {
  expect(fillTemplate({ a: '${input.replicas}', b: ['${input.isPublic}'] }, values)).toEqual({
    a: 3,
    b: [true],
  });
});

test('in longer text the value is written out', () => {
  expect(fillTemplate('http://${environment.name}.x/${ input.replicas }', values)).toBe('http://pr-1.x/3');
});

test('two dollars write a brace that is none of ours', () => {
  expect(fillTemplate('$${environment.name} ${environment.name}', values)).toBe('${environment.name} pr-1');
});

test('what is no text stays as it is', () => {
  expect(fillTemplate({ a: null, b: 1, c: [false] }, values)).toEqual({ a: null, b: 1, c: [false] });
});

test('an unknown placeholder is told with its place and the nearest', () => {
  expect(checkTemplate({ a: ['x ${input.replcas}'] }, ['input.replicas'])).toEqual([
    {
      path: ['a', 0],
      offset: 2,
      message: 'Unknown placeholder "${input.replcas}". Did you mean "input.replicas"?',
    },
  ]);
});

test('a placeholder that is never closed is told', () => {
  expect(checkTemplate('${input', [])[0]?.message).toBe('The placeholder "${input" has no closing brace.');
});

test('filling in what was not checked before is an error of ours', () => {
  expect(() => fillTemplate({ a: '${secret}' }, values)).toThrow('a: Unknown placeholder "${secret}".');
});
