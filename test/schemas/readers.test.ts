/** Where schemas come from: charts, custom resources, workflows and templates, each in its own words. */
import { describe, expect, test } from 'vitest';
import type { InputSchema } from '../../src/core/input-schema.ts';
import { formatMistake, type Read } from '../../src/documents/document.ts';
import { readDefinition } from '../../src/schemas/read-definition.ts';
import { readValuesSchema } from '../../src/schemas/read-json-schema.ts';
import { readTemplate } from '../../src/schemas/read-template.ts';
import { readWorkflow } from '../../src/schemas/read-workflow.ts';
import { checked, fieldAt, paths, typed, wrong } from './schema-bench.ts';

const source = (text: string) => ({ file: 'x.yml', text });

function accepted(outcome: Read<InputSchema>): InputSchema {
  if (!outcome.ok) throw new Error(outcome.mistakes.map(formatMistake).join('\n'));
  return outcome.value;
}
const mistakes = (outcome: Read<InputSchema>) => (outcome.ok ? [] : outcome.mistakes.map(formatMistake));

test('a chart’s own values are the defaults, so what it requires of itself is required of nobody', () => {
  const schema =
    '{"type":"object","required":["image","size"],"properties":{"image":{"type":"object","required":["tag"],"properties":{"tag":{"type":"string"}}},"size":{"type":"string"}}}';
  expect(wrong(accepted(readValuesSchema(source(schema))), {})).toEqual({
    'image.tag': 'is needed',
    size: 'is needed',
  });
  const values = source('image: { tag: "1.0" }\nsize: 8Gi\n');
  const filled = accepted(readValuesSchema(source(schema), values));
  expect(checked(filled, {})).toEqual({ image: { tag: '1.0' }, size: '8Gi' });
  expect(checked(filled, { size: '9Gi' })).toEqual({ image: { tag: '1.0' }, size: '9Gi' });
});

describe('a custom resource', () => {
  const definition = source(`apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  versions:
    - name: v1beta1
      storage: false
      schema: { openAPIV3Schema: { properties: { spec: { properties: { old: { type: string } } } } } }
    - name: v1
      storage: true
      schema:
        openAPIV3Schema:
          properties:
            spec:
              required: [size]
              properties:
                size: { type: string, pattern: '^[0-9]+Gi$' }
                timeout: { type: string, format: duration }
                port: { x-kubernetes-int-or-string: true }
            status: { properties: { phase: { type: string } } }
`);

  test('is asked for by the spec of its stored version', () => {
    const schema = accepted(readDefinition(definition));
    expect(paths(schema.fields)).toEqual(['size', 'timeout', 'port']);
    // Go's way of writing a duration, and not JSON Schema's.
    expect(wrong(schema, { size: '8Gi', timeout: '1h30m' })).toEqual({});
    expect(typed(schema, { port: '80' })).toEqual({ port: 80 });
  });

  test('is asked for by another version or another part, and a slip names the nearest', () => {
    expect(paths(accepted(readDefinition(definition, { version: 'v1beta1' })).fields)).toEqual(['old']);
    expect(paths(accepted(readDefinition(definition, { path: ['status'] })).fields)).toEqual(['phase']);
    expect(mistakes(readDefinition(definition, { version: 'v1beta' }))).toEqual([
      'x.yml:5:5 spec.versions: there is no version "v1beta", only v1beta1 and v1. Did you mean "v1beta1"?',
    ]);
    expect(mistakes(readDefinition(definition, { path: ['specs'] }))[0]).toMatch(
      /^x\.yml:12:\d+ .*"specs"\. Did you mean "spec"\?$/,
    );
    expect(mistakes(readDefinition(source('kind: Pod')))).toEqual([
      'x.yml:1:1 This is no CustomResourceDefinition.',
    ]);
  });
});

describe('a workflow', () => {
  const dispatch = (inputs: string) => source(`on:\n  workflow_dispatch:\n    inputs:\n${inputs}`);

  test('asks for its inputs by their types, and keeps ours to itself', () => {
    const schema = accepted(
      readWorkflow(
        dispatch(`      level: { type: choice, options: [1, 2], default: 2 }
      dry: { type: boolean, default: true }
      count: { type: number, required: true }
      where: { type: environment }
      why:
      mark: { type: string, required: true }
`),
        { hidden: ['mark'] },
      ),
    );
    expect(schema.fields.map(({ path, kind }) => [path, kind.type])).toEqual([
      ['level', 'enum'],
      ['dry', 'boolean'],
      ['count', 'number'],
      ['where', 'text'],
      ['why', 'text'],
    ]);
    expect(checked(schema, { count: 3 })).toEqual({ level: '2', dry: true, count: 3 });
    expect(Object.keys(wrong(schema, { count: 3, mark: 'x' }))).toEqual(['mark']);
  });

  test('that cannot be started on request is refused', () => {
    expect(mistakes(readWorkflow(source('on: [push]')))).toEqual([
      'x.yml:1:5 on: it cannot be started on request: the trigger workflow_dispatch is missing.',
    ]);
    for (const text of [
      'on: workflow_dispatch',
      'on: [push, workflow_dispatch]',
      'on: { workflow_dispatch: }',
    ]) {
      expect(accepted(readWorkflow(source(text))).fields).toEqual([]);
    }
  });
});

test('a template’s pages are there when their condition holds', () => {
  const schema = accepted(
    readTemplate(
      source(`kind: Template
spec:
  parameters:
    - title: Cloud
      required: [cloud]
      properties: { cloud: { type: string, enum: [AWS, GCP] }, watch: { type: boolean, default: false } }
    - when: \${{ parameters.cloud === 'AWS' }}
      required: [region]
      properties: { region: { type: string } }
    - when: \${{ parameters.watch }}
      properties: { mail: { type: string, format: email } }
    - when: \${{ not parameters.watch }}
      properties: { reason: { type: string } }
    - when: \${{ something | clever }}
      required: [other]
      properties: { other: { type: string } }
`),
    ),
  );
  expect(paths(schema.fields)).toEqual(['cloud', 'watch', 'region', 'mail', 'reason', 'other']);
  expect(fieldAt(schema, 'cloud').decides).toBe(true);
  expect(paths(schema.shown({ cloud: 'AWS', watch: true }))).toEqual([
    'cloud',
    'watch',
    'region',
    'mail',
    'other',
  ]);
  expect(wrong(schema, { cloud: 'AWS', watch: false })).toEqual({ region: 'is needed' });
  expect(checked(schema, { cloud: 'GCP' })).toEqual({ cloud: 'GCP', watch: false });
});
