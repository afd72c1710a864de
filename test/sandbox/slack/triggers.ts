/** An app whose latest trigger and response_url the test holds in its own hand. */
import type { App } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { botToken, socketApp, stage } from './world.ts';

/** Keeps the trigger and the response_url of the latest /form; the test does the rest. */
export async function withTriggers(register: (app: App) => void = () => undefined) {
  const on = await stage();
  const web = new WebClient(botToken, { slackApiUrl: on.box.apiUrl, retryConfig: { retries: 0 } });
  const held = { web, trigger: '', responseUrl: '' };
  await socketApp(on.box, (app) => {
    app.command('/form', async ({ ack, body }) => {
      held.trigger = body.trigger_id;
      held.responseUrl = body.response_url;
      await ack();
    });
    register(app);
  });
  const dana = on.sandbox.as('U0DANA');
  const freshTrigger = async () => {
    await dana.command('#general', '/form');
    return held.trigger;
  };
  return { ...on, dana, held, freshTrigger };
}
