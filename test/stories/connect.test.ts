/** Connection details as people in Slack get them, with a secret store behind the bot: who sees what, and where. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage } from '../../src/demo/stage.ts';
import { startVaultBox, type VaultBox, vaultSecret, vaultToken } from '../platforms/vault/vault-box.ts';
import { dataFolder, quietLog } from './support.ts';

/** Of the machine's time: this one may be busy. */
const withinMs = 12_000;

let stage: Stage;
let box: VaultBox;
const logged: string[] = [];
beforeAll(async () => {
  box = await startVaultBox({ 'shop-pg/database': vaultSecret });
  const write = (fields: object, message: string) => {
    logged.push(`${message} ${JSON.stringify(fields)}`);
  };
  stage = await openStage({
    mode: 'socket',
    dataFolder,
    log: { ...quietLog, info: write, warn: write },
    vault: { url: box.url, token: vaultToken, place: 'secret/environments' },
  });
  const dana = stage.people.as('U0DANA');
  await dana.command('#platform-requests', '/env create shop-pg --blueprint web-postgres');
  await stage.until(dana.sees('Open it', { in: '#platform-requests', withinMs }));
});
afterAll(async () => {
  await stage.close();
  await box.stop();
});

test('the thread says where the details are and holds none of them; who asks gets the command, alone', async () => {
  const dana = stage.people.as('U0DANA');
  await dana.command('#platform-requests', '/env connect shop-pg');
  await stage.until(dana.sees('kubectl -n env-shop-pg get secret database', { ephemeral: true, withinMs }));
  await stage.people.as('U0PRIYA').doesNotSee('get secret database \\');
});

test('the one-time link is a click away, opens once, and nobody else sees it', async () => {
  const dana = stage.people.as('U0DANA');
  await dana.click('One-time link');
  const message = await stage.until(dana.sees('vault unwrap', { ephemeral: true, withinMs }));
  const [token = ''] = /hvs\.[\w-]+/.exec(JSON.stringify(message)) ?? [];
  for (const id of ['U0PRIYA', 'U0SAM', 'U0LEE', 'U0GIL']) {
    expect(JSON.stringify(await stage.people.as(id).view())).not.toContain(token);
  }
  expect(JSON.stringify(message)).not.toMatch(/Refresh|Show to the channel/);
  expect(await box.unwrap(token)).toEqual(vaultSecret);
  expect(await box.unwrap(token)).toBeUndefined();
  expect(logged.join('\n')).not.toContain(token);
});

test('in a channel that is shared with another company there is no link', async () => {
  const dana = stage.people.as('U0DANA');
  await dana.command('#deploys', '/env connect shop-pg --link');
  await stage.until(dana.sees('no secret is given here', { in: '#deploys', ephemeral: true, withinMs }));
  expect(JSON.stringify(await stage.people.as('U0ODA').view())).not.toContain('hvs.');
});

test('nor is there one when it is asked for by a form', async () => {
  const dana = stage.people.as('U0DANA');
  const refusals = async () =>
    JSON.stringify(await dana.view()).split('"text":"This channel is shared with another company').length;
  const before = await refusals();
  await dana.command('#deploys', '/env connect --link');
  await stage.until(dana.seesModal('Connect to an environme…'));
  await stage.until(dana.fill('Environment', 'shop-pg'));
  await stage.until(dana.submit());
  await expect.poll(refusals, { timeout: withinMs }).toBeGreaterThan(before);
  for (const id of ['U0DANA', 'U0ODA']) {
    const { channels } = await stage.people.as(id).view();
    const shared = channels.find(({ name }) => name === 'deploys');
    expect(JSON.stringify(shared)).not.toContain('hvs.');
  }
});

test('somebody of another team is refused', async () => {
  const priya = stage.people.as('U0PRIYA');
  await priya.command('#platform-requests', '/env connect shop-pg --link');
  await stage.until(priya.sees('only the team that owns an environment', { ephemeral: true, withinMs }));
});
