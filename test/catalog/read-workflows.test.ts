/** Workflows of the catalog: their inputs come from their own files or from a schema, and mistakes say where. */
import { expect, test } from 'vitest';
import { readWorkflows } from '../../src/catalog/read-workflows.ts';
import { formatMistake } from '../../src/documents/document.ts';
import { catalog } from '../approvals/shipped.ts';

const entry = {
  title: 'Reindex',
  description: 'Builds it anew.',
  repository: 'acme/search',
  file: 'reindex.yml',
  tier: 'staging' as const,
  owners: ['sre'],
  minutesMax: 30,
};

function reading(inputs: Record<string, unknown> | undefined, file?: string) {
  const files = new Map(
    file === undefined ? [] : [['reindex.yml', { file: 'data/workflows/reindex.yml', text: file }]],
  );
  const workflows = { reindex: { ...entry, ...(inputs === undefined ? {} : { inputs }) } };
  const read = readWorkflows({ workflows }, files);
  return read.ok
    ? read.value.reindex?.inputs.fields.map(({ path }) => path)
    : read.mistakes.map(formatMistake);
}

const dispatched = (inputs: string) => `on:\n  workflow_dispatch:\n    inputs:\n${inputs}`;

test('the shipped workflow asks for its own inputs, and never for our mark', () => {
  const paths = catalog.workflows['reindex-search']?.inputs.fields.map(({ path }) => path);
  expect(paths).toEqual(['index', 'batch_size', 'dry_run', 'reason']);
});

test('inputs are a file, a schema, or none', () => {
  expect(
    reading({ from: 'reindex.yml' }, dispatched('      index: {}\n      greenlight_request: {}\n')),
  ).toEqual(['index']);
  expect(reading({ properties: { index: { type: 'string' } } })).toEqual(['index']);
  expect(reading(undefined)).toEqual([]);
});

test('a file that is missing, wrong or does not take our mark is told with its place', () => {
  expect(reading({ from: 'reindx.yml' }, dispatched('      index: {}\n'))).toEqual([
    'data/catalog.yml:1:1 workflows.reindex.inputs.from: there is no file "reindx.yml". Did you mean "reindex.yml"?',
  ]);
  expect(reading({ from: 'reindex.yml' }, dispatched('      index: { type: choice }\n'))).toEqual([
    'data/workflows/reindex.yml:4:14 on.workflow_dispatch.inputs.index.options: a choice needs options.',
  ]);
  expect(reading({ from: 'reindex.yml' }, dispatched('      index: {}\n'))).toEqual([
    expect.stringContaining('The input greenlight_request is missing'),
  ]);
  expect(reading({ properties: { index: { type: 'text' } } })).toEqual([
    expect.stringContaining('workflows.reindex.inputs.properties.index.type: there is no type "text".'),
  ]);
});
