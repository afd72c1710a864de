import { describe, expect, test } from 'vitest';
import { card, talkative } from './apps.ts';
import { socketApp, stage } from './world.ts';

describe('elements', () => {
  test('a confirm dialog is shown first, and only a yes reaches the app', async () => {
    const { box, sandbox } = await stage();
    await socketApp(box, talkative);
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/card');
    const message = await dana.sees('A card');
    await expect(dana.click('Deny', { in: message })).rejects.toMatchObject({
      code: 'confirm_required',
      confirm: { title: 'Deny it?', text: 'It cannot be taken back.', confirm: 'Deny', deny: 'Wait' },
    });
    await dana.click('Deny', { in: message, confirm: true });
    await dana.click('Details', { in: message });
    const actions = (await sandbox.journal())
      .filter((entry) => entry.operation === 'envelope:block_actions')
      .map((entry) => (entry.request as { actions: object[] }).actions[0]);
    expect(actions).toMatchObject([
      { action_id: 'deny' },
      { action_id: 'more', selected_option: { value: 'details' } },
    ]);
  });

  test('live options come from the app as the person types, and one of them can be chosen', async () => {
    const { box, sandbox } = await stage();
    await socketApp(box, talkative);
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/form');
    await dana.fill('Owner', 'Search');
    expect((await dana.seesModal()).state.owner?.owner).toMatchObject({
      selected_option: { value: 'search' },
    });
    await expect(dana.fill('Owner', 'nobody')).rejects.toMatchObject({ code: 'no_such_option' });
  });

  test('nobody is chosen who is not there', async () => {
    const { box, sandbox } = await stage();
    const picked: unknown[] = [];
    await socketApp(box, (app) => {
      app.command('/card', async ({ ack, client }) => {
        await ack();
        const placeholder = { type: 'plain_text' as const, text: 'Approver' };
        await client.chat.postMessage({
          channel: 'C0GENERAL',
          text: 'Who?',
          blocks: [{ type: 'actions', elements: [{ type: 'users_select', action_id: 'who', placeholder }] }],
        });
      });
      app.action('who', async ({ ack, action }) => {
        picked.push(action);
        await ack();
      });
    });
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/card');
    await expect(dana.choose('Approver', 'Nobody Known')).rejects.toMatchObject({ code: 'no_such_option' });
    await expect(dana.choose('Approver', '@ron')).rejects.toMatchObject({ code: 'no_such_option' });
    await dana.choose('Approver', 'Lee Winter');
    expect(picked).toMatchObject([{ type: 'users_select', selected_user: 'U0LEE' }]);
  });

  test('an input with dispatch_action tells the app at once', async () => {
    const { box, sandbox } = await stage();
    await socketApp(box, talkative);
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/form');
    await dana.fill('Name', 'quiet');
    await dana.fill('Size', 'Large');
    const sent = (await sandbox.journal()).filter((entry) => entry.operation === 'envelope:block_actions');
    expect(sent).toHaveLength(1);
    expect(sent[0]?.request).toMatchObject({
      container: { type: 'view' },
      actions: [{ action_id: 'size', block_id: 'size', selected_option: { value: 'large' } }],
      view: {
        state: {
          values: {
            name: { value: { value: 'quiet' } },
            size: { size: { selected_option: { value: 'large' } } },
          },
        },
      },
    });
  });

  test('a button that nobody answers is a notice after three seconds', async () => {
    const { box, sandbox, clock } = await stage();
    await socketApp(box, (app) => {
      app.command('/card', async ({ ack, client }) => {
        await ack();
        await client.chat.postMessage({ channel: 'C0GENERAL', text: 'A card', blocks: card });
      });
    });
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/card');
    const message = await dana.sees('A card');
    const arrived = new Promise<void>((resolve) => {
      const stop = box.journal.subscribe(() => {
        stop();
        resolve();
      });
    });
    const failed = expect(dana.click('Approve', { in: message })).rejects.toMatchObject({
      code: 'operation_timeout',
    });
    // The click is on its way over two sockets: time passes until its three seconds are over.
    let isOver = false;
    void arrived.then(() => {
      isOver = true;
    });
    while (!isOver) {
      await clock.advance(500);
      await new Promise(setImmediate);
    }
    await failed;
    await dana.seesNotice('Apps need to respond within 3 seconds.');
  });
});
