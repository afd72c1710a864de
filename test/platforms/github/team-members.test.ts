import { expect, test } from 'vitest';
import { emailOfLogin } from '../../../src/core/catalog.ts';
import { connectTeamMembers } from '../../../src/platforms/github/team-members.ts';
import { catalog } from '../../approvals/shipped.ts';
import { githubWorld, problemFrom } from './world.ts';

test('people of a team are found by the logins that the catalog knows', async () => {
  const { box, clock } = await githubWorld();
  const auth = { token: 'ghs_sandboxGreenlightInstallation0000000000' };
  const source = connectTeamMembers({ auth, baseUrl: box.url, now: clock.now }, (login) =>
    emailOfLogin(catalog, login),
  );
  expect((await source.members('acme/payments')).toSorted()).toEqual([
    'max@acme.example',
    'priya@acme.example',
  ]);
  expect(await problemFrom(source.members('acme/nobody'))).toMatchObject({ code: 'not_found' });
  const strangers = connectTeamMembers({ auth, baseUrl: box.url }, () => undefined);
  expect(await strangers.members('acme/payments')).toEqual([]);
});
