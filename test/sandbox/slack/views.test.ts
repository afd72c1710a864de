import type { SlackViewAction } from '@slack/bolt';
import { describe, expect, test } from 'vitest';
import { form, talkative } from './apps.ts';
import { withTriggers } from './triggers.ts';
import { socketApp, stage } from './world.ts';

const error = (code: string) => ({ data: { error: code } });
const text = (words: string) => ({ type: 'plain_text' as const, text: words });

describe('triggers', () => {
  test('a trigger works once', async () => {
    const { held, freshTrigger } = await withTriggers();
    const trigger_id = await freshTrigger();
    await held.web.views.open({ trigger_id, view: form() });
    await expect(held.web.views.open({ trigger_id, view: form() })).rejects.toMatchObject(
      error('exchanged_trigger_id'),
    );
  });

  test('a trigger lives three seconds, and a made-up one not at all', async () => {
    const { held, freshTrigger, clock } = await withTriggers();
    const trigger_id = await freshTrigger();
    await clock.advance(3001);
    await expect(held.web.views.open({ trigger_id, view: form() })).rejects.toMatchObject(
      error('expired_trigger_id'),
    );
    await expect(held.web.views.open({ trigger_id: '1.2.3', view: form() })).rejects.toMatchObject(
      error('invalid_trigger_id'),
    );
  });

  test('pushing needs a trigger from inside the modal, and a stack holds three', async () => {
    let clicked = '';
    const withButton = (name: string) => ({
      ...form(name),
      blocks: [
        ...form().blocks,
        {
          type: 'actions' as const,
          elements: [{ type: 'button' as const, action_id: 'push', text: text('More') }],
        },
      ],
    });
    const { held, dana, freshTrigger } = await withTriggers((app) => {
      app.action('push', async ({ ack, body }) => {
        clicked = (body as { trigger_id: string }).trigger_id;
        await ack();
      });
    });
    const outside = held.web.views.push({ trigger_id: await freshTrigger(), view: form() });
    await expect(outside).rejects.toMatchObject(error('invalid_trigger_id'));
    await held.web.views.open({ trigger_id: await freshTrigger(), view: withButton('One') });
    for (const name of ['Two', 'Three']) {
      await dana.click('More');
      await held.web.views.push({ trigger_id: clicked, view: withButton(name) });
    }
    await dana.click('More');
    await expect(held.web.views.push({ trigger_id: clicked, view: form('Four') })).rejects.toMatchObject(
      error('push_limit_reached'),
    );
    const { modals } = await dana.view();
    expect(modals.map((modal) => modal.title)).toEqual(['One', 'Two', 'Three']);
    await dana.close();
    expect((await dana.view()).modals).toHaveLength(2);
    await dana.close({ all: true });
    expect((await dana.view()).modals).toHaveLength(0);
  });
});

describe('views', () => {
  test('the id stays over updates, the hash moves, and a stale hash is a hash_conflict', async () => {
    const { held, freshTrigger } = await withTriggers();
    const opened = await held.web.views.open({ trigger_id: await freshTrigger(), view: form() });
    const id = opened.view?.id ?? '';
    const hash = opened.view?.hash ?? '';
    const updated = await held.web.views.update({ view_id: id, hash, view: form('Changed') });
    expect(updated.view).toMatchObject({ id, root_view_id: id, title: { text: 'Changed' } });
    expect(updated.view?.hash).not.toBe(hash);
    await expect(held.web.views.update({ view_id: id, hash, view: form() })).rejects.toMatchObject(
      error('hash_conflict'),
    );
    await expect(held.web.views.update({ view_id: 'V0NONE', view: form() })).rejects.toMatchObject(
      error('not_found'),
    );
  });

  test('what a person typed survives an update under the same block and action id, and only then', async () => {
    const { held, dana, freshTrigger } = await withTriggers();
    const trigger_id = await freshTrigger();
    const { view } = await held.web.views.open({ trigger_id, view: form() });
    await dana.fill('Name', 'kept');
    await held.web.views.update({ view_id: view?.id ?? '', view: form('Again') });
    expect((await dana.seesModal('Again')).state.name?.value).toMatchObject({ value: 'kept' });
    const renamed = form('Third');
    const blocks = renamed.blocks.map((block) =>
      block.block_id === 'name' ? { ...block, block_id: 'name2' } : block,
    );
    await held.web.views.update({ view_id: view?.id ?? '', view: { ...renamed, blocks } });
    expect((await dana.seesModal('Third')).state.name2?.value).toMatchObject({ value: null });
  });

  test('initial values are in the state, untouched fields are null, and both reach the app', async () => {
    let state: unknown;
    const { held, dana, freshTrigger } = await withTriggers((app) => {
      app.view('new_thing', async ({ ack, view }) => {
        state = view.state.values;
        await ack();
      });
    });
    const trigger_id = await freshTrigger();
    await held.web.views.open({ trigger_id, view: { ...form(), private_metadata: 'draft-1' } });
    await dana.fill('Name', 'x');
    await dana.submit();
    expect(state).toEqual({
      name: { value: { type: 'plain_text_input', value: 'x' } },
      size: {
        size: {
          type: 'static_select',
          selected_option: { text: { type: 'plain_text', text: 'Small', emoji: true }, value: 'small' },
        },
      },
      owner: { owner: { type: 'external_select', selected_option: null } },
    });
    expect((await dana.view()).modals).toEqual([]);
  });

  test('min and max length are checked before the app hears of it', async () => {
    const { held, dana, freshTrigger, sandbox } = await withTriggers();
    const view = form();
    const trigger_id = await freshTrigger();
    await held.web.views.open({
      trigger_id,
      view: {
        ...view,
        blocks: [
          {
            type: 'input',
            block_id: 'n',
            label: text('Name'),
            element: { type: 'plain_text_input', action_id: 'a', min_length: 3, max_length: 5 },
          },
          {
            type: 'input',
            block_id: 'c',
            label: text('Copies'),
            element: { type: 'number_input', action_id: 'a', is_decimal_allowed: false, max_value: '9' },
          },
          {
            type: 'input',
            block_id: 'm',
            label: text('Mail'),
            element: { type: 'email_text_input', action_id: 'a' },
          },
        ],
      },
    });
    await dana.fill('Name', 'ab');
    await dana.fill('Copies', '10');
    await dana.fill('Mail', 'nowhere');
    await expect(dana.submit()).rejects.toMatchObject({ code: 'invalid_input' });
    expect((await dana.seesModal()).errors).toEqual({
      n: 'This field needs at least 3 characters.',
      c: 'Enter a number of at most 9.',
      m: 'Enter a valid email address.',
    });
    expect((await sandbox.journal()).some((entry) => entry.operation === 'envelope:view_submission')).toBe(
      false,
    );
  });

  test.each([
    ['an error for an unknown block', { response_action: 'errors', errors: { nowhere: 'x' } }],
    [
      'a view that is not valid',
      { response_action: 'update', view: { type: 'modal', title: text('x'.repeat(25)), blocks: [] } },
    ],
    ['nonsense', { response_action: 'dance' }],
  ])('%s in the answer to a submission is trouble that the person sees', async (_, answer) => {
    const { held, dana, freshTrigger } = await withTriggers((app) => {
      app.view('new_thing', async ({ ack }) => ack(answer as never));
    });
    const trigger_id = await freshTrigger();
    await held.web.views.open({ trigger_id, view: form() });
    await dana.fill('Name', 'x');
    await expect(dana.submit()).rejects.toMatchObject({ code: 'submission_failed' });
    expect(await dana.seesModal()).toMatchObject({
      problem: 'We had some trouble connecting. Try again?',
      busy: false,
    });
  });

  test('a submission can update, push or clear', async () => {
    const answers: unknown[] = [
      { response_action: 'update', view: form('Updated') },
      { response_action: 'push', view: form('Pushed') },
      { response_action: 'clear' },
    ];
    const { held, dana, freshTrigger } = await withTriggers((app) => {
      app.view('new_thing', async ({ ack }) => ack(answers.shift() as never));
    });
    const trigger_id = await freshTrigger();
    await held.web.views.open({ trigger_id, view: form() });
    await dana.fill('Name', 'x');
    await dana.submit();
    expect((await dana.seesModal('Updated')).state.name?.value).toMatchObject({ value: 'x' });
    await dana.submit();
    await dana.seesModal('Pushed');
    expect((await dana.view()).modals).toHaveLength(2);
    await dana.fill('Name', 'y');
    await dana.submit();
    expect((await dana.view()).modals).toHaveLength(0);
  });

  test('closing tells the app when it asked to know', async () => {
    let closed: SlackViewAction | undefined;
    const { held, dana, freshTrigger } = await withTriggers((app) => {
      app.view({ callback_id: 'new_thing', type: 'view_closed' }, async ({ ack, body }) => {
        closed = body;
        await ack();
      });
    });
    const trigger_id = await freshTrigger();
    await held.web.views.open({ trigger_id, view: form() });
    await dana.close();
    await expect.poll(() => closed).toMatchObject({ type: 'view_closed', is_cleared: false });
  });

  test('Home is published per person and opened as an event', async () => {
    const { box, sandbox } = await stage();
    await socketApp(box, talkative);
    await sandbox.as('U0DANA').openHome();
    await sandbox.as('U0DANA').seesHome('Welcome');
    expect((await sandbox.as('U0LEE').view()).home).toBeUndefined();
  });
});
