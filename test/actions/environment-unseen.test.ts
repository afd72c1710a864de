/** What could not be seen is said: a missing right never reads as "all is well". */
import { expect, onTestFinished, test } from 'vitest';
import { ProblemError, problem } from '../../src/core/problem.ts';
import { dana, value } from '../desk/desk-world.ts';
import { benchWorld } from './bench-world.ts';
import { textOf } from './life-world.ts';

test('a list says when nobody may look for environments that are not recorded', async () => {
  const bench = await benchWorld();
  onTestFinished(() => bench.close());
  const { outside } = bench.context;
  const cluster = outside.cluster('sandbox');
  const list = () => Promise.reject(new ProblemError(problem('outside_refused', 'No right to look.', '')));
  Object.assign(outside, { cluster: () => ({ ...cluster, list }) });
  const origin = { surface: 'command' as const };
  const ask = { key: 'list', action: 'environment.list', input: {}, requester: dana, origin };
  const answer = value(await bench.desk.answer(ask));
  expect(textOf(answer)).toContain('Whether there are others nobody can tell\n• No right to look.');
});
