import { existsSync, readFileSync } from 'node:fs';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadActions } from '../../src/actions/load.ts';
import { manifestText } from '../../src/manifest-text.ts';
import { readManifest } from '../../src/sandbox/slack/manifest.ts';
import { botScopes, manifestOf, optionalBotScopes, slashCommands } from '../../src/slack/manifest.ts';

/** All that are shipped: whoever pastes the manifest gets a command for each. */
const actions = await loadActions();
const socket = manifestOf(actions, { mode: 'socket' });
const http = manifestOf(actions, { mode: 'http', publicUrl: 'https://bot.acme.example/' });

test('manifest.yml is the manifest for socket mode (vitest -u writes it anew)', async () => {
  await expect(manifestText(actions, { mode: 'socket' })).toMatchFileSnapshot('../../manifest.yml');
});

test('the commands are those of the actions, and /requests', () => {
  const names = readManifest(socket).commands.map((one) => one.command);
  expect(names.toSorted()).toEqual([...slashCommands(actions).keys()].toSorted());
});

test('both modes ask for the same, but only http names addresses', () => {
  const [one, other] = [readManifest(socket), readManifest(http)];
  expect({ ...one, mode: '', urls: {}, commands: one.commands.map((command) => command.command) }).toEqual({
    ...other,
    mode: '',
    urls: {},
    commands: other.commands.map((command) => command.command),
  });
  expect(JSON.stringify(socket)).not.toContain('http');
  expect(other.urls).toMatchObject({
    interactivity: 'https://bot.acme.example/slack/events',
    options: 'https://bot.acme.example/slack/events',
  });
  expect(other.commands.every((command) => command.url === 'https://bot.acme.example/slack/events')).toBe(
    true,
  );
});

test('the scopes are the least that the methods we call need', () => {
  /** Slack's own reference, by method. Methods without a scope are left out. */
  const needed = {
    'chat.postMessage': 'chat:write',
    'chat.postEphemeral': 'chat:write',
    'chat.update': 'chat:write',
    'users.info': 'users:read',
    'users.lookupByEmail': 'users:read.email',
    'bots.info': 'users:read',
    'conversations.info': 'channels:read',
    'usergroups.list': 'usergroups:read',
    'usergroups.users.list': 'usergroups:read',
  };
  expect(new Set(['commands', ...Object.values(needed)])).toEqual(new Set(Object.keys(botScopes)));
  expect(optionalBotScopes).toEqual({
    // conversations.info of a private channel.
    'groups:read': expect.any(String),
    // conversations.history, of both kinds of channels.
    'channels:history': expect.any(String),
    'groups:history': expect.any(String),
    // files.getUploadURLExternal and files.completeUploadExternal.
    'files:write': expect.any(String),
  });
});

// Slack's own schema lies beside the checkout where it is there at all; it is not ours to ship.
const schemaFile = new URL('../../../shared/data/slack/', import.meta.url);
describe.skipIf(!existsSync(schemaFile))('by the manifest schema of Slack', () => {
  test.each([
    ['socket', socket],
    ['http', http],
  ])('the manifest for %s mode is valid', (_mode, manifest) => {
    const validate = slackSchema();
    expect(validate(manifest), JSON.stringify(validate.errors)).toBe(true);
  });
});

function slackSchema() {
  const path = new URL('manifest-schema/manifest.schema.2.0.0.json', schemaFile);
  const ajv = new Ajv.default({ strict: false });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(readFileSync(path, 'utf8')));
}

test('the manifest is the same when it is read back from YAML', () => {
  expect(parse(stringify(socket))).toEqual(socket);
});
