import { expect, test } from 'vitest';
import whoami from '../../src/actions/policy.whoami.ts';
import type { ReadContext } from '../../src/core/action.ts';
import { catalog } from '../approvals/shipped.ts';
import { person } from '../desk/desk-world.ts';

async function told(requester: ReadContext['requester'], more: Partial<ReadContext> = {}): Promise<string> {
  if (whoami.effect !== 'read') throw new Error('it changes something');
  const context = {
    ...{ requester, catalog, codes: { enrolledAt: async () => undefined } },
    ...more,
  } as unknown as ReadContext;
  const { sentence, sections } = await whoami.answer({}, context);
  return [sentence, ...sections.flatMap(({ lines }) => lines)].join('\n');
}

test('each link from the account to the cluster says how it is known', async () => {
  const sam = person('U0SAM', 'Sam', { emailBy: 'slack_confirmed' });
  const text = await told(sam, {
    codes: { enrolledAt: async () => Date.UTC(2026, 10, 21), reset: async () => false },
  });
  for (const line of [
    'You are Sam, sam@acme.example.',
    'Slack: the account U0SAM, a member of this workspace',
    'Slack has seen that it is yours',
    'GitHub: sam-okoye, as catalog.yml says. GitHub itself was not asked',
    'Kubernetes: the user sam@acme.example in Sandbox',
    '• SRE, by catalog.yml',
    'An authenticator app, since 2026-11-21.',
  ]) {
    expect(text).toContain(line);
  }
});

test('what is not known is said as such, with what to do', async () => {
  const { email: _email, ...nobody } = person('U0X', 'X');
  const text = await told(nobody);
  expect(text).toContain('nobody can tell which groups you are in');
  expect(text).toContain('Somebody can add yours to catalog.yml');
  expect(text).toContain('you see what Greenlight sees');
  expect(text).toContain('You are in none that the catalog names.');
  expect(text).toContain('`/code enrol`');
  const profile = await told(person('U0X', 'X', { emailBy: 'slack_profile' }));
  expect(profile).toContain('Slack does not say whether it has seen that it is yours.');
  expect(await told(person('U0X', 'X'))).toContain('was not recorded');
});

test('groups from elsewhere say from where, and those in doubt why', async () => {
  const groups = {
    ...catalog.groups,
    sre: { title: 'SRE', members: ['sam@acme.example'], slack: '@sre' },
  };
  const text = await told(person('U0SAM', 'Sam'), {
    catalog: { ...catalog, groups, unknownGroups: { payments: 'Slack has not said' } },
  });
  expect(text).toContain('• SRE, by catalog.yml and the Slack user group @sre');
  expect(text).toMatch(/• Payments team: not known just now \(Slack has not said\)/);
});
