/** The World panel over the whole sandbox: what it offers for GitHub and the cluster, and the reset of everything. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { openBrowser } from './browser.ts';
import { describeInBrowser as describe } from './in-browser.ts';
import { kitchenManifest } from './kitchen-sink.ts';

describe('the World panel', () => {
  let browser: Browser;
  let sandbox: Sandbox;
  beforeAll(async () => {
    const clock = createWorldClock({ mode: 'still', startAt: Date.parse('2026-11-21T09:00:00Z') });
    const ports = { slack: 0, github: 0, cluster: 0 };
    [browser, sandbox] = await Promise.all([
      openBrowser(),
      startSandbox({ ports, manifest: kitchenManifest, clock }),
    ]);
  });
  afterAll(() => Promise.all([browser?.close(), sandbox?.stop()]));

  it('spoils the next run and the next Pods, and a reset makes the whole world new', async () => {
    const page = await browser.newPage();
    await page.goto(`${sandbox.url}/?as=U0DANA`);
    await page.getByRole('button', { name: 'World', exact: true }).click();

    const nextRun = page.getByRole('combobox', { name: 'The next run fails at' });
    await nextRun.selectOption({ label: 'payments · Deploy · migrate' });
    await page.getByRole('button', { name: 'Let it fail' }).click();
    await page.getByText('The next Deploy run of payments fails at migrate.').waitFor();

    await page.getByRole('combobox', { name: 'The next Pods of' }).selectOption('payments-staging');
    await page.getByRole('combobox', { name: 'How they fail' }).selectOption('CrashLoopBackOff');
    await page.getByRole('button', { name: 'Break them' }).click();
    const spoiled = page.getByRole('list', { name: 'Pods that will fail' });
    await spoiled.getByText('payments-staging').waitFor();
    expect(troubles()).toEqual(['crash']);

    await page.getByRole('button', { name: 'Mend payments-staging' }).click();
    await spoiled.getByText('payments-staging').waitFor({ state: 'detached' });
    expect(troubles()).toEqual([]);

    await page
      .getByRole('combobox', { name: 'The next custom resource' })
      .selectOption({ label: 'HelmRelease · Flux' });
    await page.getByRole('button', { name: 'Let its operator fail' }).click();
    await page.getByRole('list', { name: 'Custom resources that fail' }).getByText('HelmRelease').waitFor();
    const flux = sandbox.cluster.control.operators().find((one) => one.kind === 'HelmRelease');
    expect(flux?.ordered).toBe(1);

    await page.getByRole('combobox', { name: 'How they fail' }).selectOption('a quota stalls them');
    await page.getByRole('button', { name: 'Break them' }).click();
    await spoiled.getByText('a quota stalls them').waitFor();
    await page.getByRole('button', { name: 'Reset the world' }).click();
    await page.getByRole('button', { name: 'Yes, reset the world' }).click();
    await page.getByText('The world is new.').waitFor();
    expect(troubles()).toEqual([]);
    await spoiled.getByText('a quota stalls them').waitFor({ state: 'detached' });
    await page.close();
  });

  const troubles = () => sandbox.cluster.control.workloads().flatMap((one) => one.trouble ?? []);
});
