/** What stands at a terminal when something cannot be done: who reads it is also who reads the log. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { problem } from '../src/core/problem.ts';
import { explainProblem } from '../src/explain.ts';

test('a problem is told with its next step and its cause, and nothing secret of that', () => {
  const cause = { detail: 'it knows postgresql://bot:hunter2@db/x' };
  expect(explainProblem(problem('internal', 'It failed.', 'Look at it.', cause))).toBe(
    'It failed.\nLook at it.\nit knows postgresql://bot:[redacted]@db/x',
  );
  expect(explainProblem(problem('internal', 'It failed.', 'Look at it.'))).toBe('It failed.\nLook at it.');
});

test('a command says why, not only that', async () => {
  const line = ['src/cli.ts', 'audit', 'verify', '--database', 'none.db'];
  await expect(promisify(execFile)(process.execPath, line)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^There is no database at none\.db\.\nName one.+\n.*unable to open/),
  });
});
