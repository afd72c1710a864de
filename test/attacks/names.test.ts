/** Words of the language, numbers without end and far too much text, at every field of every action. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Action } from '../../src/core/action.ts';
import { problemFrom, type Result } from '../../src/core/problem.ts';
import { parseCommand } from '../../src/handlers/parse-command.ts';
import { fieldsOf } from '../../src/slack/forms/fields.ts';
import { type Bench, benchWorld, shipped } from '../actions/bench-world.ts';
import { dana } from '../desk/desk-world.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await benchWorld();
  await bench.finish(await bench.ask('environment.create', { name: 'checkout-pr-12' }));
});
afterAll(() => bench.close());

const ofTheLanguage = ['constructor', '__proto__'];
const wrongNumbers = [Number.NaN, Infinity, -Infinity, Number('1e309'), -1e308, Number.MIN_VALUE];
let asked = 0;

/** The first example of an action with another value in one of its fields, as a button or a form would send it. */
async function ask(name: string, action: Action, change: object): Promise<Result<unknown>> {
  const [line = ''] = action.command.examples;
  const { slash } = action.command;
  const parsed = parseCommand(slash, [{ name, action }], line.slice(slash.length), bench.desk.further);
  const input = { ...('input' in parsed ? parsed.input : {}), ...change };
  const origin = { surface: 'command' as const };
  asked += 1;
  const one = { key: `names ${asked}`, action: name, input, requester: dana, origin };
  try {
    return await (action.effect === 'read' ? bench.desk.answer(one) : bench.desk.submit(one));
  } catch (error) {
    return { ok: false, problem: problemFrom(error) };
  }
}

async function askFor(name: string, change: object): Promise<Result<unknown>> {
  const action = shipped.get(name);
  if (!action) throw new Error('no such action');
  return ask(name, action, change);
}

describe.each([...shipped])('%s', (name, action) => {
  const fields = fieldsOf(action);
  const named = fields.filter(({ kind }) => kind !== 'number' && kind !== 'boolean');
  const numbers = fields.filter(({ kind }) => kind === 'number');

  test('takes no word of the language for something of ours', async () => {
    for (const field of named) {
      for (const word of ofTheLanguage) {
        const answer = await ask(name, action, { [field.name]: word });
        // What is free text may say so; nothing may break on it.
        if (!answer.ok) expect(answer.problem.code, `${field.name} ${word}`).not.toBe('internal');
        else expect(JSON.stringify(answer.value), `${field.name} ${word}`).not.toContain('[native code]');
      }
    }
    const answer = await ask(name, action, JSON.parse('{"__proto__": {"polluted": true}}'));
    if (!answer.ok) expect(answer.problem.code).not.toBe('internal');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('takes no number without an end, and no text without one', async () => {
    for (const field of numbers) {
      for (const number of wrongNumbers) {
        const { ok } = await ask(name, action, { [field.name]: number });
        // The smallest there is is above 0, and costs nothing.
        if (number !== Number.MIN_VALUE) expect(ok, `${field.name} ${number}`).toBe(false);
      }
    }
    for (const field of named) {
      const answer = await ask(name, action, { [field.name]: 'x'.repeat(100_000) });
      expect(answer.ok, field.name).toBe(false);
    }
  });
});

describe.each([
  ['environment.create', { name: 'fresh' }],
  ['environment.operate', { name: 'checkout-pr-12', operation: 'image' }],
  ['workflow.run', {}],
])('what %s asks for beside', (name, own) => {
  test('is not far too deep', async () => {
    const deep = JSON.parse(`{"image":${'['.repeat(5_000)}${']'.repeat(5_000)}}`);
    const answer = await askFor(name, { ...own, values: deep });
    expect(answer).toMatchObject({ ok: false, problem: { code: 'bad_input' } });
  });

  test.each([
    ['a word of the language', '{"__proto__": {"a": 1}}'],
    ['another', '{"constructor": {"prototype": {"a": 1}}}'],
    ['a name that nobody asks for', '{"surprise": 1}'],
    ['a name made of a path', '{"image.constructor": "x"}'],
    [
      'a thousand of them',
      JSON.stringify(Object.fromEntries([...Array(1000).keys()].map((n) => [`a${n}`, n]))),
    ],
  ])('breaks nothing as %s', async (_what, values) => {
    const answer = await askFor(name, { ...own, values: JSON.parse(values) });
    // A schema may take more than it names; then it is kept, and nothing speaks of it.
    if (!answer.ok) expect(answer.problem).toMatchObject({ code: 'bad_input' });
    expect(({} as { a?: unknown }).a).toBeUndefined();
  });
});
