/** Workflow files are read as GitHub reads them, and the seed is checked before anything starts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { githubSeedSchema, loadGithubSeed } from '../../../src/sandbox/github/seed.ts';
import { checkInputs, interpolate, parseWorkflow } from '../../../src/sandbox/github/workflow-file.ts';

const folder = fileURLToPath(new URL('../../../../shared/data/workflows/', import.meta.url));
const files = existsSync(folder) ? readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)) : [];

test.skipIf(files.length === 0)('workflow files in the wild are read, invalid ones are refused', () => {
  const wrong = files.filter((name) => {
    const isInvalid = name.startsWith('invalid-');
    try {
      parseWorkflow(readFileSync(`${folder}${name}`, 'utf8'), name);
      return isInvalid;
    } catch {
      return !isInvalid;
    }
  });
  console.log(
    `Workflow files: ${files.length - wrong.length} of ${files.length} read or refused as GitHub would.`,
  );
  expect(wrong).toEqual([]);
});

const workflow = (inputs: string) =>
  parseWorkflow(`on:\n  workflow_dispatch:\n    inputs: ${inputs}\njobs: {}`, 'test.yml').dispatchInputs ??
  new Map();

test('inputs get their defaults and come out as strings', () => {
  const inputs = workflow('{ dry: { type: boolean, default: true }, hours: { type: number }, note: {} }');
  expect(checkInputs(inputs, { hours: 3 }, [])).toEqual({ values: { dry: 'true', hours: '3', note: '' } });
});

test('a required input with a default may be left out', () => {
  const inputs = workflow('{ level: { required: true, default: info } }');
  expect(checkInputs(inputs, {}, [])).toEqual({ values: { level: 'info' } });
});

test('an environment input takes the environments of the repository', () => {
  const inputs = workflow('{ target: { type: environment } }');
  expect(checkInputs(inputs, { target: 'staging' }, ['staging'])).toEqual({ values: { target: 'staging' } });
  expect(checkInputs(inputs, { target: 'moon' }, ['staging'])).toEqual({
    refusal: "Provided value 'moon' for input 'target' not in the list of allowed values",
  });
});

test('expressions in a run name see inputs and who asked', () => {
  const marker = "{{ inputs.marker && format('[{0}]', inputs.marker) || 'no marker' }}";
  const template = `$${marker} by $${'{{ github.actor }}'}`;
  const contexts = (marker: string) => ({ inputs: { marker }, github: { actor: 'dana-fox' } });
  expect(interpolate(template, contexts('REQ-1'))).toBe('[REQ-1] by dana-fox');
  expect(interpolate(template, contexts(''))).toBe('no marker by dana-fox');
});

test('a seed with a mistake is refused by name', () => {
  const seed = loadGithubSeed();
  expect(seed.repositories.map((one) => one.name)).toEqual(['payments', 'checkout', 'search', 'gitops']);
  const [first] = seed.repositories;
  const result = githubSeedSchema.safeParse({
    ...seed,
    repositories: [{ ...first, commits: [{ at: 'yesterday' }] }],
  });
  expect(result.error?.issues.map((issue) => issue.path.join('.'))).toContain('repositories.0.commits.0.at');
});
