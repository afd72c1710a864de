import { describe, expect, test } from 'vitest';
import { card } from './apps.ts';
import { withTriggers } from './triggers.ts';
import { socketApp, stage } from './world.ts';

describe('response_url', () => {
  const post = (url: string, body: object) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test('five uses, ephemeral unless told otherwise', async () => {
    const { dana, held, freshTrigger, sandbox } = await withTriggers();
    await freshTrigger();
    expect((await post(held.responseUrl, { text: 'first' })).status).toBe(200);
    expect((await post(held.responseUrl, { text: 'second', response_type: 'in_channel' })).status).toBe(200);
    await dana.sees('first', { ephemeral: true });
    await sandbox.as('U0LEE').doesNotSee('first');
    await sandbox.as('U0LEE').sees('second');
    for (let use = 0; use < 3; use++) await post(held.responseUrl, { text: 'more' });
    const sixth = await post(held.responseUrl, { text: 'sixth' });
    expect([sixth.status, await sixth.json()]).toEqual([404, { ok: false, error: 'used_url' }]);
  });

  test('it ends after thirty minutes', async () => {
    const { held, freshTrigger, clock } = await withTriggers();
    await freshTrigger();
    await clock.advance(30 * 60_000 + 1);
    const late = await post(held.responseUrl, { text: 'late' });
    expect([late.status, await late.json()]).toEqual([404, { ok: false, error: 'expired_url' }]);
  });

  test('it replaces and deletes what was clicked, also an ephemeral message', async () => {
    const { box, sandbox } = await stage();
    await socketApp(box, (app) => {
      app.command('/whisper', async ({ ack, respond }) => {
        await ack();
        await respond({ text: 'a', blocks: card });
      });
      app.action('approve', async ({ ack, respond }) => {
        await ack();
        await respond({ text: 'replaced', replace_original: true });
      });
      app.action('more', async ({ ack, respond }) => {
        await ack();
        await respond({ delete_original: true });
      });
    });
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/whisper');
    const first = await dana.sees('A card', { ephemeral: true });
    await dana.click('Approve', { in: first });
    const replaced = await dana.sees('replaced', { ephemeral: true });
    expect(replaced.ts).toBe(first.ts);
    await dana.command('#general', '/whisper');
    await dana.click('Details', { in: await dana.sees('A card', { after: first }) });
    await dana.waitFor({ kind: 'message', contains: 'replaced' });
    await expect
      .poll(async () => (await dana.view()).channels[0]?.messages.some((one) => one.blocks))
      .toBe(false);
  });

  test('an answer goes into a thread only with replace_original: false beside thread_ts', async () => {
    const { dana, held, freshTrigger } = await withTriggers();
    const thread_ts = await dana.say('#general', 'a thread');
    await freshTrigger();
    await post(held.responseUrl, { text: 'outside', thread_ts });
    await post(held.responseUrl, { text: 'inside', thread_ts, replace_original: false });
    expect(await dana.sees('outside')).not.toHaveProperty('threadTs');
    expect(await dana.sees('inside')).toMatchObject({ threadTs: thread_ts });
  });

  test('blocks that are not valid are refused there too', async () => {
    const { held, freshTrigger } = await withTriggers();
    await freshTrigger();
    const refused = await post(held.responseUrl, { blocks: [{ type: 'section' }] });
    expect([refused.status, ((await refused.json()) as { error: string }).error]).toEqual([
      400,
      'invalid_blocks',
    ]);
  });
});
