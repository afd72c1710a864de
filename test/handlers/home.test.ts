/** The App Home, as people open it and click on it. */
import { expect, test } from 'vitest';
import { needs } from './desk.ts';
import { type TestWorld, world } from './world.ts';

const waiting = () =>
  world({ verdict: () => needs(1, ['sre'], 'production changes'), approvers: ['U0SAM', 'U0OLGA'] });

async function asked(stage: TestWorld) {
  await stage.sandbox.as('U0DANA').command('#general', '/env create checkout-pr-12');
  await stage.sandbox.as('U0DANA').sees('0 of 1 approval', { in: '#platform-requests' });
}
const homeOf = async (stage: TestWorld, id: string) =>
  JSON.stringify((await stage.sandbox.as(id).view()).home);

test('shows what waits for me, with the buttons of its card, which work there', async () => {
  const stage = await waiting();
  await asked(stage);
  const sam = stage.sandbox.as('U0SAM');
  await sam.openHome();
  await sam.seesHome('1 request waits for your answer');
  await sam.seesHome('0 of 1');
  expect(await homeOf(stage, 'U0SAM')).not.toContain('"style":"primary"');
  await sam.click('Approve', { in: 'home' });
  await sam.seesHome('Nothing waits for your answer');
  expect(stage.desk.request('REQ-1').reviews).toMatchObject([{ by: 'U0SAM', decision: 'approve' }]);
});

test('shows what is mine, and what it waits for, in words', async () => {
  const stage = await waiting();
  await asked(stage);
  const dana = stage.sandbox.as('U0DANA');
  await dana.openHome();
  await dana.seesHome('you have 1 open request');
  await dana.seesHome('It waits for 1 more approval from SRE');
});

test('a click there is judged like any other', async () => {
  const stage = await waiting();
  await asked(stage);
  const olga = stage.sandbox.as('U0OLGA');
  await olga.openHome();
  await olga.seesHome('Create environment checkout-pr-12');
  await stage.sandbox.change({ do: 'set-person', user: 'U0OLGA', kind: 'guest' });
  await stage.sandbox.advance(61_000);
  await olga.click('Approve', { in: 'home' });
  await olga.sees('Guests of this workspace cannot use Greenlight', { ephemeral: false });
  expect(stage.desk.request('REQ-1').reviews).toEqual([]);
});

test('offers what the guardrails let somebody ask for, and opens its form', async () => {
  const stage = await world({
    permitted: ['deploy', 'environment.create', 'service.scale', 'service.status'],
  });
  const dana = stage.sandbox.as('U0DANA');
  await dana.openHome();
  await dana.seesHome('What you may ask for');
  const home = await homeOf(stage, 'U0DANA');
  expect(home).toContain('Create an environment');
  expect(home).not.toContain('Destroy an environment');
  await dana.click('Create an environment', { in: 'home' });
  await dana.seesModal('Create an environment');
  await dana.close();
  await dana.choose('Something else', 'Scale a service');
  await dana.seesModal('Scale a service');
});

test('what is not offered any more is refused, though its button is still there', async () => {
  const permitted = ['deploy', 'environment.create'];
  const stage = await world({ permitted });
  const dana = stage.sandbox.as('U0DANA');
  await dana.openHome();
  await dana.seesHome('What you may ask for');
  permitted.pop();
  await dana.click('Create an environment', { in: 'home' });
  await dana.sees('This button asks for something you may not ask for', { ephemeral: false });
  expect((await dana.view()).modals).toEqual([]);
});

test('a guest reads why there is nothing', async () => {
  const stage = await waiting();
  await asked(stage);
  const gil = stage.sandbox.as('U0GIL');
  await gil.openHome();
  await gil.seesHome('Guests of this workspace cannot use Greenlight');
  expect(await homeOf(stage, 'U0GIL')).not.toContain('checkout-pr-12');
});

test('is drawn anew when something on it changes while somebody looks, and no more once they looked long ago', async () => {
  const stage = await waiting();
  const [sam, olga] = [stage.sandbox.as('U0SAM'), stage.sandbox.as('U0OLGA')];
  await olga.openHome();
  await olga.seesHome('Nothing waits for your answer');
  await stage.sandbox.advance(16 * 60_000);
  await sam.openHome();
  await sam.seesHome('Nothing waits for your answer');
  await asked(stage);
  await stage.sandbox.advance(2_000);
  await sam.seesHome('1 request waits for your answer');
  expect(await homeOf(stage, 'U0OLGA')).toContain('Nothing waits for your answer');
});
