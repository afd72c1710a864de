/**
 * Charts, custom resources, workflows and templates as their authors publish them: each becomes a form that a person can
 * fill in, or names the one thing that does not fit. They lie beside the checkout, where they are kept.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ChangeAction, defineAction } from '../../src/core/action.ts';
import type { InputSchema } from '../../src/core/input-schema.ts';
import { ok } from '../../src/core/problem.ts';
import type { Read, Source } from '../../src/documents/document.ts';
import { readDefinition } from '../../src/schemas/read-definition.ts';
import { readValuesSchema } from '../../src/schemas/read-json-schema.ts';
import { readTemplate } from '../../src/schemas/read-template.ts';
import { readWorkflow } from '../../src/schemas/read-workflow.ts';
import { everythingElse } from '../../src/schemas/within-limits.ts';
import { formView } from '../../src/slack/forms/form.ts';
import { fieldsFor } from '../../src/slack/forms/further.ts';
import { pagesOf } from '../../src/slack/forms/pages.ts';
import { expectGoodModal } from './manners.ts';
import { preview } from './samples.ts';

const data = join(import.meta.dirname, '../../../shared/data');

interface Kind {
  readonly title: string;
  readonly folder: string;
  readonly files: RegExp;
  readonly read: (source: Source) => Read<InputSchema>;
}

const kinds: readonly Kind[] = [
  {
    title: 'values schema of a chart',
    folder: 'helm',
    files: /\.schema\.(?:json|yaml)$/,
    read: readValuesSchema,
  },
  {
    title: 'custom resource definition',
    folder: 'kubernetes-operators/crds',
    files: /\.yaml$/,
    read: readDefinition,
  },
  { title: 'workflow', folder: 'workflows', files: /^(?!invalid-).*\.ya?ml$/, read: readWorkflow },
  { title: 'template of Backstage', folder: 'backstage/templates', files: /\.yaml$/, read: readTemplate },
];

describe.each(kinds)('every $title', ({ title, folder, files, read }) => {
  const sources = sourcesIn(folder, files);

  test.skipIf(sources.length === 0)('is a form that fits Slack, or names what does not fit', () => {
    const tally = { asTheyAre: 0, withRequired: 0, obstacles: [] as string[], fields: 0, yaml: 0, pages: 0 };
    for (const source of sources) {
      const outcome = read(source);
      if (!outcome.ok) throw new Error(`${source.file}: ${JSON.stringify(outcome.mistakes)}`);
      const schema = outcome.value;
      const pages = pagesIn(schema);
      for (let page = 0; page < pages; page++) expectGoodModal(drawn(schema, page));
      const checked = schema.check({});
      if (schema.obstacle !== undefined) tally.obstacles.push(`${source.file}: ${schema.obstacle}`);
      else if (checked.ok) tally.asTheyAre += 1;
      else {
        expectMissingIsAskedFor(schema, Object.keys(checked.problem.fields ?? {}), source.file);
        tally.withRequired += 1;
      }
      tally.fields += schema.fields.length;
      tally.yaml += schema.fields.filter(({ kind }) => kind.type === 'yaml').length;
      tally.pages += pages;
    }
    console.info(
      `${sources.length} × ${title}: ${tally.asTheyAre} work as they are, ${tally.withRequired} name what is required, ` +
        `${tally.obstacles.length} cannot be asked for in chat; ${tally.fields} fields (${tally.yaml} as YAML) on ` +
        `${tally.pages} pages.${tally.obstacles.map((line) => `\n  ${line}`).join('')}`,
    );
  });
});

test.skipIf(sourcesIn('workflows', /^invalid-/).length === 0)(
  'every invalid workflow is refused with a place',
  () => {
    for (const source of sourcesIn('workflows', /^invalid-.*\.ya?ml$/)) {
      const outcome = readWorkflow(source);
      expect(outcome.ok, source.file).toBe(false);
      if (outcome.ok) continue;
      for (const mistake of outcome.mistakes) {
        expect(mistake.line, source.file).toBeGreaterThan(1);
        expect(mistake.message, source.file).toMatch(/^on\.workflow_dispatch\.inputs.*\.$/);
      }
    }
  },
);

function sourcesIn(folder: string, files: RegExp): Source[] {
  const path = join(data, folder);
  if (!existsSync(path)) {
    console.info(`skipped: ${folder} is not beside this checkout`);
    return [];
  }
  return readdirSync(path)
    .filter((name) => files.test(name))
    .map((name) => ({ file: name, text: readFileSync(join(path, name), 'utf8') }));
}

/** What is missing has a field of its own, or stands in the one for everything else. */
function expectMissingIsAskedFor(schema: InputSchema, missing: readonly string[], file: string): void {
  const asked = new Set(schema.fields.map(({ path }) => path));
  expect(missing.length, file).toBeGreaterThan(0);
  for (const path of missing)
    expect(asked.has(path) || path === everythingElse, `${file}: ${path}`).toBe(true);
}

const action = defineAction({
  title: 'Ask for it',
  summary: 'Whatever it is.',
  effect: 'create',
  channel: 'requests',
  command: { slash: '/x', positional: [], examples: [] },
  input: z.strictObject({
    name: z.string().meta({ title: 'Name', description: 'Its name.', decides: true }),
    values: z.record(z.string(), z.unknown()).default({}),
  }),
  further: () => undefined,
  target: () => ok({ kind: 'environment', name: 'x', tier: 'dev', team: 't' }),
  preview: async () => preview,
  steps: () => [],
  outputs: () => ({ links: [], notes: [] }),
} satisfies ChangeAction<z.ZodObject>);

function pagesIn(schema: InputSchema): number {
  return pagesOf(fieldsFor(action, schema, {})).length;
}

function drawn(schema: InputSchema, page: number) {
  return formView({
    action,
    schema,
    metadata: { action: 'x', draftId: 'd'.repeat(32), page },
    values: {},
    choices: {},
    outlook: undefined,
    alerts: 'C0INCIDENTS',
    groupTitle: (name) => name,
    timeZone: undefined,
  });
}
