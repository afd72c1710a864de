import { Octokit } from '@octokit/rest';
import { expect, test } from 'vitest';
import { leftUnread, readJson } from '../../../src/platforms/github/plain-json.ts';

/** What comes of an answer on its way through Octokit. */
async function readOf(body: string | null, type: string, status = 200): Promise<unknown> {
  const fetch = leftUnread(async () => new Response(body, { status, headers: { 'content-type': type } }));
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  return readJson(await new Octokit({ request: { fetch }, log }).request('GET /anything'));
}

test('an answer is read with its numbers as numbers', async () => {
  expect(await readOf('{"id":9007199254740993}', 'application/json; charset=utf-8')).toEqual({
    id: 2 ** 53,
  });
});

test('what is no JSON after all, or a log that looks like it, stays the text that it is', async () => {
  expect(await readOf('{"id":', 'application/json')).toBe('{"id":');
  expect(await readOf('{"level":"info"}', 'text/plain')).toBe('{"level":"info"}');
});

test('a refusal says what it says', async () => {
  await expect(readOf('{"message":"Not here"}', 'application/json', 404)).rejects.toMatchObject({
    message: 'Not here',
    response: { data: { message: 'Not here' } },
  });
});

test('brackets without end are read at once as an answer, and not at all in a refusal', async () => {
  const deep = '['.repeat(4_000) + ']'.repeat(4_000);
  expect(await readOf(deep, 'application/json')).toBeInstanceOf(Array);
  await expect(readOf(deep, 'application/json', 500)).rejects.toMatchObject({ response: { data: deep } });
});
