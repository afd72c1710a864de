/** Where a group's people are known, somebody answers too much, or something else: that is no group, and no secret is told. */
import type { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import { ProblemError, problem, problemFrom } from '../../src/core/problem.ts';
import { connectTeamMembers } from '../../src/platforms/github/team-members.ts';
import { createUserGroups } from '../../src/slack/user-groups.ts';
import { servedBy } from './served-by.ts';

const sentenceOf = async (asked: Promise<unknown>) =>
  asked.then(
    () => 'believed',
    (error: unknown) => problemFrom(error).sentence,
  );

/** Slack with one user group `@sre` whose people it lists like this. */
function userGroups(users: unknown, isMissing = false) {
  let lookups = 0;
  const client = {
    usergroups: {
      list: async () => ({ ok: true, usergroups: [{ id: 'S0SRE', handle: 'sre' }] }),
      users: { list: async () => ({ ok: true, ...(isMissing ? {} : { users }) }) },
    },
  };
  const directory = {
    person: async (id: string) => {
      lookups += 1;
      throw new ProblemError(problem('not_found', `Nobody is ${id}.`, 'x'));
    },
    personByEmail: async () => undefined,
  };
  const source = createUserGroups(client as unknown as WebClient, directory as never);
  return { members: () => source.members('@sre'), lookups: () => lookups };
}

test.each<[string, unknown, boolean?]>([
  ['nothing', undefined, true],
  ['no list', 'U0SAM'],
  ['numbers', [7]],
])('a Slack that lists %s is not believed', async (_what, users, isMissing) => {
  expect(await sentenceOf(userGroups(users, isMissing).members())).not.toBe('believed');
});

test('whom Slack itself does not know is in no group, however it is written', async () => {
  expect(await userGroups(['<!channel>', 'sam@acme.example']).members()).toEqual([]);
});

test('a Slack user group of thousands is refused before anybody is looked up', async () => {
  const many = userGroups(Array.from({ length: 5_000 }, (_, index) => `U0${index}`));
  expect(await sentenceOf(many.members())).toBe('The Slack user group @sre has more than 500 people.');
  expect(many.lookups()).toBe(0);
});

const team = async (answer: Parameters<typeof servedBy>[0]) => {
  const { url, asked } = await servedBy(answer);
  const source = connectTeamMembers(
    { auth: { token: 'ghs_secret' }, baseUrl: url, timeoutMs: 200 },
    () => 'sam@acme.example',
  );
  return { sentence: await sentenceOf(source.members('acme/crew')), asked };
};

test('a GitHub team without an end is read for twenty pages and then is none', async () => {
  const page = JSON.stringify(Array.from({ length: 100 }, () => ({ login: 'sam' })));
  const { sentence, asked } = await team(() => ({ body: page }));
  expect(sentence).toBe('The team acme/crew has more than 2000 members.');
  expect(asked).toHaveLength(20);
});

test.each<[string, Parameters<typeof servedBy>[0]]>([
  ['HTML', () => ({ body: '<html>Sign in</html>', type: 'text/html' })],
  ['an object', () => ({ body: '{"members":[]}' })],
  ['logins that are none', () => ({ body: '[{"login":7}]' })],
  ['nothing, ever', () => undefined],
  ['that it is elsewhere, again and again', () => ({ status: 302, body: '' })],
])('a GitHub that answers %s is not believed', async (_what, answer) => {
  const { sentence } = await team(answer);
  expect(sentence).not.toBe('believed');
  expect(sentence).not.toContain('ghs_secret');
});
