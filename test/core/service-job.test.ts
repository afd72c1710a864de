// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are placeholders of a Job, not of JavaScript.
import { describe, expect, test } from 'vitest';
import { jobInputs } from '../../src/core/job-inputs.ts';
import {
  fillJobText,
  serviceJobSchema,
  serviceJobsSchema,
  unknownPlaceholders,
} from '../../src/core/service-job.ts';

const job = serviceJobSchema.parse({
  title: 'Bring the database to a version',
  args: ['--to=${input.to}', '--by=${input.steps}', '${input.mode}', '${nothing}'],
  env: { SERVICE: '${service}' },
  inputs: {
    to: { title: 'Version', description: 'Of the database.', default: 'latest' },
    steps: { title: 'Steps', type: 'number', min: 1, max: 10 },
    mode: { title: 'Mode', type: 'choice', choices: ['dry', 'real'] },
    free: { title: 'Free', type: 'number', default: 0 },
  },
});
const { check, fields, read, written, shown, leftOut, digest } = jobInputs(job);

describe('what a Job asks for', () => {
  test('is told as forms need it', () => {
    expect(fields).toMatchObject([
      {
        path: 'to',
        description: 'Of the database.',
        isRequired: false,
        defaultAnswer: 'latest',
        kind: { type: 'text' },
      },
      { path: 'steps', isRequired: true, kind: { type: 'number', min: 1, max: 10 } },
      { path: 'mode', kind: { type: 'enum', values: ['dry', 'real'] } },
      { path: 'free', defaultValue: 0, kind: { type: 'number', isInteger: false } },
    ]);
    expect(shown({})).toBe(fields);
    expect(leftOut).toEqual([]);
    expect(digest).toMatch(/^\w+/);
  });

  test('is read from what was typed, and written back', () => {
    expect(read({ to: 'v2', steps: '3', mode: 'dry' })).toEqual({
      ok: true,
      value: { to: 'v2', steps: 3, mode: 'dry' },
    });
    expect(read({ steps: ' ' })).toEqual({ ok: true, value: { steps: ' ' } });
    expect(read({})).toEqual({ ok: true, value: {} });
    expect(written({ to: 'v2', steps: 3 })).toEqual({ to: 'v2', steps: '3' });
  });

  test('has its defaults filled in, and every mistake told at its field', () => {
    expect(check({ steps: 2, mode: 'real' })).toEqual({
      ok: true,
      value: { to: 'latest', steps: 2, mode: 'real', free: 0 },
    });
    const refused = check({ to: 'a; rm -rf /', steps: 11, mode: 'other' });
    expect(refused.ok ? {} : refused.problem.fields).toEqual({
      to: 'It holds characters that are not allowed here.',
      steps: 'Give a number from 1 to 10.',
      mode: 'Choose one of those offered.',
    });
    const wrong = check({ to: 5, steps: 'many', mode: 5 });
    expect(wrong.ok ? {} : wrong.problem.fields).toMatchObject({
      to: 'Give a text of at most 500 characters.',
      steps: 'Give a number.',
    });
    expect(check({ to: 'x'.repeat(501), steps: 0, mode: 'dry' }).ok).toBe(false);
    const strange = check({ other: 1 });
    expect(strange.ok ? {} : strange.problem.fields).toEqual({ other: 'This is not asked for.' });
  });
});

describe('the texts of a Job', () => {
  test('that speak of what there is not are found when the catalog is read', () => {
    expect(unknownPlaceholders(job)).toEqual(['nothing']);
  });

  test('take what people chose as text: a variable of the container is not named by it', () => {
    const values = { service: 'payments', 'input.to': '$(DB_PASSWORD)', 'input.steps': 3 };
    expect(fillJobText('${service} --to=${input.to} ${ input.steps }${gone}', values)).toBe(
      'payments --to=$$(DB_PASSWORD) 3',
    );
    expect(fillJobText('$(HOME)', values)).toBe('$(HOME)');
  });

  test('and rules that cannot be kept are refused', () => {
    const refused = (input: unknown) =>
      serviceJobSchema.safeParse({ title: 'x', inputs: { to: input } }).success === false;
    expect(refused({ title: 'To', pattern: '(' })).toBe(true);
    expect(refused({ title: 'To', type: 'choice' })).toBe(true);
    expect(refused({ title: 'To', choices: ['a'] })).toBe(true);
    expect(serviceJobSchema.safeParse({ title: 'x', timeout: 'long' }).success).toBe(false);
    expect(serviceJobsSchema.safeParse({ ['x'.repeat(31)]: { title: 'x' } }).success).toBe(false);
  });
});
