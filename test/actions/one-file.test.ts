/** Adding one file adds the command, the form, the help and what the policy may speak of. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadActions } from '../../src/actions/load.ts';
import { readPolicy } from '../../src/approvals/policy.ts';
import { subjectsOf } from '../../src/approvals/subjects.ts';
import type { Actions } from '../../src/core/action.ts';
import { parseCommand } from '../../src/handlers/parse-command.ts';
import { fieldsOf } from '../../src/slack/forms/fields.ts';
import { commandHelp } from '../../src/slack/help.ts';
import { manifestOf } from '../../src/slack/manifest.ts';
import { catalog } from '../approvals/shipped.ts';

const core = new URL('../../src/core/', import.meta.url).href;
const file = `
import { z } from '${import.meta.resolve('zod')}';
import { defineAction } from '${core}action.ts';
import { ok } from '${core}problem.ts';
export default defineAction({
  title: 'Restart a service',
  summary: 'Start all its Pods anew.',
  effect: 'change',
  channel: 'deploys',
  command: { slash: '/restart', positional: [{ field: 'service' }], examples: ['/restart payments'] },
  input: z.strictObject({ service: z.string().meta({ title: 'Service', choices: 'services' }) }),
  target: (asked) => ok({ kind: 'service', name: asked.service, tier: 'production', team: 'payments' }),
  preview: async () => ({ sentence: 'Restarts it.', details: [], commits: [], resolved: {}, cautions: [] }),
  steps: () => [],
  outputs: () => ({ links: [], notes: [] }),
});
`;

let folder: string;
let actions: Actions;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'greenlight-actions-'));
  await writeFile(join(folder, 'service.restart.ts'), file);
  await writeFile(join(folder, 'README.md'), 'not an action');
  actions = await loadActions(pathToFileURL(`${folder}/`));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('its name is the file’s', () => {
  expect([...actions.keys()]).toEqual(['service.restart']);
});

test('the command is in the manifest, and its line is read', () => {
  expect(JSON.stringify(manifestOf(actions, { mode: 'socket' }))).toContain('"/restart"');
  const group = [...actions].map(([name, action]) => ({ name, action }));
  expect(parseCommand('/restart', group, 'payments')).toMatchObject({
    kind: 'ask',
    action: 'service.restart',
    input: { service: 'payments' },
  });
});

test('the form and the help are drawn from it', () => {
  const [action] = actions.values();
  if (!action) throw new Error('no action');
  expect(fieldsOf(action).map((field) => field.title)).toEqual(['Service']);
  expect(JSON.stringify(commandHelp('/restart', [action]).blocks)).toContain('/restart payments');
});

test('the policy may speak of it and of its input, and of nothing else in it', () => {
  const rule = (when: string) =>
    readPolicy(
      {
        file: 'policy.yml',
        text: `rules:\n  - id: restarts\n    on: service.restart\n    when: ${when}\n    allow: it may\n`,
      },
      subjectsOf(actions),
      catalog,
    );
  expect(rule('input.service == "payments"')).toMatchObject({ ok: true });
  expect(JSON.stringify(rule('input.servce == "payments"'))).toContain('service');
});
