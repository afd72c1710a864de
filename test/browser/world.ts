/** The real Slack box with the real page and a real Bolt app, for the browser to look at. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { createPage } from '../../src/sandbox/page-server.ts';
import { type SlackBox, startSlackBox } from '../../src/sandbox/slack/box.ts';
import { type KitchenApp, kitchenManifest, startKitchenApp } from './kitchen-sink.ts';

const seedFile = new URL('../../src/sandbox/seed/slack.yml', import.meta.url);

export interface BrowserWorld {
  readonly box: SlackBox;
  app: KitchenApp;
  stop(): Promise<void>;
}

/** `port` 0 takes a free one; a restart names the old one. */
export async function startBrowserWorld(port = 0): Promise<BrowserWorld> {
  const box = await startBox(port);
  const world: BrowserWorld = {
    box,
    app: await startKitchenApp(box.apiUrl),
    async stop() {
      await world.app.stop();
      await box.stop();
    },
  };
  return world;
}

export async function startBox(port: number): Promise<SlackBox> {
  const page = createPage();
  return startSlackBox({
    port,
    seed: parse(await readFile(seedFile, 'utf8')),
    manifest: kitchenManifest,
    rateLimits: false,
    page: (request) => page.fetch(request),
  });
}
