/** One page for whoever looks after an installation: with and without configuration, and nothing secret in it. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { doctor } from '../../../src/commands/doctor/doctor.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-doctor-'));
  cpSync('data/catalog.yml', join(folder, 'catalog.yml'));
  cpSync('data/blueprints', join(folder, 'blueprints'), { recursive: true });
  cpSync('data/workflows', join(folder, 'workflows'), { recursive: true });
  writeFileSync(join(folder, 'policy.yml'), 'rules:\n  - { id: all, allow: true, because: a test }\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(environment: Record<string, string>, isJson = false) {
  const lines: string[] = [];
  const options = { environment: { GREENLIGHT_DATA_DIR: folder, ...environment }, isOffline: true, isJson };
  const code = await doctor(options, Date.now, (line) => lines.push(line));
  return { code, text: lines.join('\n') };
}

test('without any configuration it looks at what there is', async () => {
  const { text } = await run({});
  expect(text).toContain('ok    settings    Nothing is configured');
  expect(text).toContain('ok    node        Node 24');
  expect(text).toContain('ok    documents   The catalog');
  expect(text).toContain('LOOK  database    There is no database');
});

test('every mistake of the settings is told at once, and no value of any', async () => {
  const { code, text } = await run({
    SLACK_BOT_TOKEN: 'xoxb-hunter2hunter2',
    SLACK_TEAM_ID: 'hunter2',
    GREENLIGHT_ENV: 'x',
  });
  expect(code).toBe(1);
  for (const name of ['SLACK_TEAM_ID', 'GREENLIGHT_REQUESTS_CHANNEL', 'KUBECONFIG', 'GREENLIGHT_ENV']) {
    expect(text).toContain(`FAIL  settings    ${name} is not right.`);
  }
  expect(text).not.toContain('hunter2');
});

test('settings that name no database are a fault beside all others', async () => {
  const address = 'postgresql://bot:hunter2@db/greenlight';
  const { code, text } = await run({ GREENLIGHT_ENV: 'production', GREENLIGHT_DATABASE: address });
  expect(code).toBe(1);
  expect(text).toContain('FAIL  database    GREENLIGHT_DATABASE names no database');
  expect(text).toContain('ok    documents   The catalog');
  expect(text).not.toContain('hunter2');
});

test('for programs it is JSON', async () => {
  writeFileSync(join(folder, 'policy.yml'), 'version: 1\nrules: 7\n');
  const { code, text } = await run({}, true);
  expect(code).toBe(1);
  const { isWell, findings } = JSON.parse(text);
  expect(isWell).toBe(false);
  expect(findings).toContainEqual(
    expect.objectContaining({ check: 'policy', state: 'fail', next: expect.any(String) }),
  );
});
