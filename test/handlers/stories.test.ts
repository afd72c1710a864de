import { describe, expect, test, vi } from 'vitest';
import type { Answer } from '../../src/core/action.ts';
import { allowed, needs } from './desk.ts';
import { world } from './world.ts';

const large = () => needs(1, ['platform-leads'], 'more than 4 CPU');

async function waitingRequest(tier: 'dev' | 'production' = 'dev') {
  const stage = await world({
    verdict: () => needs(2, ['sre'], 'production changes'),
    approvers: ['U0SAM', 'U0OLGA'],
  });
  const dana = stage.sandbox.as('U0DANA');
  await dana.command(
    '#general',
    tier === 'production' ? '/deploy payments v1.4.2 to production' : '/env create checkout-pr-12',
  );
  const card = await dana.sees('0 of 2 approvals', { in: '#platform-requests' });
  return { ...stage, dana, card, sam: stage.sandbox.as('U0SAM'), olga: stage.sandbox.as('U0OLGA') };
}

describe('who may come in', () => {
  test.each([['U0GIL', 'Guests of this workspace cannot use Greenlight']])(
    '%s is refused at the command, with a reference',
    async (id, sentence) => {
      const { sandbox, desk } = await world();
      const person = sandbox.as(id);
      await person.command('#platform-requests', '/env create mine');
      const line = await person.sees(sentence, { ephemeral: true });
      expect(JSON.stringify(line.blocks)).toMatch(/Reference ref\d+/);
      expect(desk.asked).toEqual([]);
    },
  );

  test('a guest is refused at the button too', async () => {
    const { sandbox, card, desk } = await waitingRequest();
    await sandbox.as('U0GIL').click('Approve', { in: card });
    await sandbox.as('U0GIL').sees('Guests of this workspace cannot use Greenlight', { ephemeral: true });
    expect(desk.request('REQ-1').reviews).toEqual([]);
  });

  test('who was deactivated since is refused, though the form was open', async () => {
    const { sandbox, desk } = await world();
    const max = sandbox.as('U0MAX');
    await max.command('#platform-requests', '/env create');
    await max.fill('Name', 'mine');
    await sandbox.change({ do: 'set-person', user: 'U0MAX', kind: 'guest' });
    await sandbox.advance(61_000);
    await max.submit();
    await max.waitFor({ kind: 'modal', contains: 'Guests of this workspace cannot use Greenlight' });
    expect(desk.asked).toEqual([]);
  });
});

describe('a waiting request', () => {
  test('production is approved only after a confirmation', async () => {
    const { card, sam, desk } = await waitingRequest('production');
    await expect(sam.click('Approve', { in: card })).rejects.toMatchObject({ code: 'confirm_required' });
    await sam.click('Approve', { in: card, confirm: true });
    await sam.sees('1 of 2 approvals', { in: '#platform-requests' });
    expect(desk.request('REQ-1').reviews).toHaveLength(1);
  });

  test('a no asks for its reason, ends the request and shows why', async () => {
    const { card, sam, dana, desk } = await waitingRequest();
    await sam.click('Deny', { in: card });
    await sam.fill('Reason', 'Not on a Friday <!channel>');
    await sam.submit();
    const ended = await dana.sees('Not on a Friday', { in: '#platform-requests' });
    expect(ended.blocks?.some((block) => block.type === 'actions')).toBe(false);
    expect(desk.request('REQ-1')).toMatchObject({ status: 'denied', deniedBy: 'reviewer' });
  });

  test('a yes that needs a sentence asks for it, and counts with it', async () => {
    const asked = needs(1, ['sre'], 'production changes');
    const requirements = asked.requirements.map((one) => ({ ...one, needsComment: true as const }));
    const { sandbox, desk } = await world({
      verdict: () => ({ ...asked, requirements }),
      approvers: ['U0SAM'],
    });
    const [dana, sam] = [sandbox.as('U0DANA'), sandbox.as('U0SAM')];
    await dana.command('#general', '/env create checkout-pr-12');
    const card = await dana.sees('each with a comment', { in: '#platform-requests' });
    await sam.click('Approve', { in: card });
    await sam.fill('Comment', 'Looked at the diff');
    await sam.submit();
    await dana.sees('Approved', { in: '#platform-requests' });
    expect(desk.request('REQ-1').reviews).toMatchObject([
      { decision: 'approve', note: 'Looked at the diff' },
    ]);
  });

  test('who may not deny is told before a form opens', async () => {
    const { card, sandbox } = await waitingRequest();
    const max = sandbox.as('U0MAX');
    await max.click('Deny', { in: card });
    await max.sees("needs somebody else's answer", { ephemeral: true });
    expect((await max.view()).modals).toEqual([]);
  });

  test('its requester cancels it from the menu, nobody else does', async () => {
    const { card, sam, dana, desk } = await waitingRequest();
    await sam.click('Cancel this request…', { in: card });
    await sam.waitFor({ kind: 'modal', contains: 'Only its requester can do this' });
    await sam.submit();
    await sam.sees('Only who asked can cancel it', { ephemeral: true });
    await dana.click('Cancel this request…', { in: card });
    await dana.waitFor({ kind: 'modal', contains: 'Only its requester can do this' });
    await dana.submit();
    await dana.sees('Cancelled by Dana Fox.', {
      in: '#platform-requests',
    });
    expect(desk.request('REQ-1').status).toBe('cancelled');
  });

  test('Details shows the whole history in a modal', async () => {
    const { card, sam } = await waitingRequest();
    await sam.click('Details', { in: card });
    await sam.waitFor({ kind: 'modal', contains: 'Dana Fox asked: Create environment checkout-pr-12' });
  });
});

describe('forms', () => {
  test('wrong input is refused at its field, and the form keeps the rest', async () => {
    const { sandbox, desk } = await world();
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/env create');
    await dana.fill('Name', 'Not A Name');
    await expect(dana.submit()).rejects.toMatchObject({ code: 'invalid_input' });
    await dana.waitFor({
      kind: 'field-error',
      contains: 'small letters, digits and dashes',
      blockId: 'field:name',
    });
    await dana.fill('Name', 'a-name');
    await dana.submit();
    await dana.sees('REQ-1', { in: '#general', ephemeral: true });
    expect(desk.asked.at(-1)?.input).toMatchObject({
      name: 'a-name',
      blueprint: 'web-service',
      cpu: 2,
      ttl: '8h',
    });
  });

  test('a size that nobody touched is the one of the blueprint that is chosen', async () => {
    const { sandbox, desk } = await world();
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/env create');
    await dana.fill('Name', 'mine');
    await dana.fill('Memory', '3');
    await dana.fill('Blueprint', 'Bare namespace');
    await dana.waitFor({ kind: 'modal', contains: 'Bare namespace' });
    await expect.poll(() => dana.screen()).toMatch(/CPU[^\d]*1\b/);
    await dana.submit();
    await dana.sees('REQ-1', { in: '#general', ephemeral: true });
    expect(desk.asked.at(-1)?.input).toMatchObject({ blueprint: 'namespace', cpu: 1, memoryGi: 3 });
  });

  test('the command alone opens the form of its only action', async () => {
    const { sandbox } = await world();
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/deploy');
    await dana.seesModal('Deploy a service');
  });

  test('an incomplete line opens the form with what is known, and the environments follow the service', async () => {
    const { sandbox, desk } = await world();
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/deploy payments');
    await dana.fill('Version', 'v1.4.2');
    await dana.fill('Environment', 'staging of payments');
    await dana.waitFor({ kind: 'modal', contains: 'Runs at once' });
    await dana.fill('Service', 'checkout');
    await dana.waitFor({ kind: 'modal', contains: 'staging of checkout' });
    await dana.fill('Environment', 'production of checkout');
    await dana.submit();
    await dana.sees('REQ-1', { in: '#general', ephemeral: true });
    expect(desk.asked[0]?.input).toEqual({
      service: 'checkout',
      version: 'v1.4.2',
      environment: 'production',
    });
  });

  test('before a service is chosen its environments are looked up live, and there are none', async () => {
    const { sandbox } = await world();
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/deploy');
    const modal = await dana.seesModal('Deploy a service');
    const outcome = await dana.perform({
      do: 'load-options',
      in: { modal: modal.id },
      blockId: 'field:environment',
      actionId: 'form.field.environment',
      query: '',
    });
    expect(outcome).toMatchObject({ ok: true, options: [] });
  });

  test('the verdict is there before a name is, and says nothing of a name that nobody gave', async () => {
    const { sandbox } = await world({ verdict: (input) => (Number(input.cpu) > 4 ? large() : allowed) });
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/env create');
    await dana.waitFor({ kind: 'modal', contains: 'Runs at once' });
    await dana.fill('CPU', '8');
    await dana.waitFor({ kind: 'modal', contains: 'Needs 1 approval from Platform leads: more than 4 CPU' });
    expect(await dana.screen()).not.toContain('Does environment.create');
  });

  test('of two quick changes the newest is what the form shows in the end', async () => {
    let come = () => {};
    const slowly = new Promise<void>((resolve) => {
      come = resolve;
    });
    const { sandbox } = await world({
      slowly,
      verdict: (input) => needs(Number(input.cpu), ['sre'], 'its size'),
    });
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/env create');
    await dana.fill('Name', 'a-name');
    for (const cpu of ['5', '6', '7']) await dana.fill('CPU', cpu);
    come();
    await dana.waitFor({ kind: 'modal', contains: 'Needs 7 approvals' });
  });

  test('a forecast that does not come in time does not keep the form from opening', async () => {
    let come = () => {};
    const slowly = new Promise<void>((resolve) => {
      come = resolve;
    });
    const { sandbox } = await world({ slowly });
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/deploy payments v1.4.2');
    await dana.seesModal('Deploy a service');
    await dana.fill('Environment', 'staging of payments');
    come();
    await dana.waitFor({ kind: 'modal', contains: 'Runs at once' });
  });
});

describe('commands', () => {
  test('help shows only what this person may do', async () => {
    const { sandbox } = await world({ permitted: ['environment.create'] });
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/env help');
    const help = await dana.sees('/env create <name>', { ephemeral: true });
    expect(JSON.stringify(help.blocks)).not.toContain('/env destroy');
    await dana.command('#general', '/deploy help');
    await dana.sees('nothing behind /deploy that you may ask for', { ephemeral: true });
  });

  test.each([
    ['/env crate x', 'Did you mean "create"?'],
    ['/svc restrat payments', 'Did you mean "restart"? Write it like this: /svc restart payments'],
    ['/env create x --tll 8h', 'Did you mean "ttl"?'],
    ['/env create x y', 'no place for "y"'],
    ['/env create x --ttl', 'needs a value'],
    ['/requests RQE-1', 'is not a request'],
    ['/requests REQ-99', 'There is no REQ-99'],
  ])('%s is answered with what is wrong', async (line, sentence) => {
    const { sandbox, desk } = await world();
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', line);
    await dana.sees(sentence, { ephemeral: true });
    expect(desk.asked).toEqual([]);
  });

  test('a name that is like a verb is a name all the same', async () => {
    const { sandbox, desk } = await world();
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/svc serch');
    await dana.command('#general', '/svc "restrat"');
    await vi.waitFor(() =>
      expect(desk.asked.map(({ input }) => input.service)).toEqual(['serch', 'restrat']),
    );
  });

  test('a value that the schema refuses is named with its field', async () => {
    const { sandbox } = await world();
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/env create x1 --cpu 0');
    await dana.sees('cpu:', { ephemeral: true });
  });

  test('/requests lists mine and those that wait for me, and shows one with its history', async () => {
    const { sandbox } = await world({ verdict: large });
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/env create checkout-pr-12');
    await dana.sees('Needs 1 approval from Platform leads', { ephemeral: true });
    await dana.command('#general', '/requests');
    await dana.sees('Yours (1)', { ephemeral: true });
    await sandbox.as('U0LEE').command('#general', '/requests');
    await sandbox.as('U0LEE').sees('Waiting for your answer (1)', { ephemeral: true });
    await dana.command('#general', '/requests req-1');
    await dana.sees('Dana Fox asked: Create environment checkout-pr-12', { ephemeral: true });
  });

  test('what a rule refuses is told privately with the reason', async () => {
    const deny = {
      ...allowed,
      outcome: 'deny' as const,
      reasons: [{ code: 'rule_denies' as const, rule: 'freeze', text: 'release freeze' }],
    };
    const { sandbox } = await world({ verdict: () => deny });
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/env create checkout-pr-12');
    await dana.sees('release freeze', { ephemeral: true });
  });
});

describe('an answer', () => {
  const answer: Answer = {
    title: 'payments',
    sentence: 'payments is healthy everywhere.',
    mood: 'good',
    sections: [
      {
        title: 'production',
        mood: 'good',
        fields: [{ label: 'Version', value: '1.4.0' }],
        lines: ['Deployed by <!channel> two days ago'],
      },
    ],
    links: [],
    next: [{ label: 'Deploy payments', commandLine: '/deploy payments' }],
  };

  test('is private, refreshes in its place, is shown on request, and leads to the form', async () => {
    const { sandbox, desk } = await world({ answer });
    const dana = sandbox.as('U0DANA');
    const max = sandbox.as('U0MAX');
    await dana.command('#general', '/svc payments');
    const first = await dana.sees('payments is healthy everywhere', { ephemeral: true });
    await max.doesNotSee('payments is healthy everywhere');
    await dana.click('Refresh', { in: first });
    await dana.waitFor({ kind: 'message', contains: 'payments is healthy everywhere', ephemeral: true });
    expect(desk.asked.map((ask) => ask.origin.surface)).toEqual(['command', 'button']);
    await dana.click('Show to the channel', { in: first });
    const shown = await max.sees('Shown by Dana Fox', { in: '#general' });
    expect(JSON.stringify(shown.blocks)).not.toContain('<!channel>');
    await dana.click('Deploy payments', { in: first });
    await dana.seesModal('Deploy a service');
  });

  test('comes to the slash command alone where an action says so, and help says which', async () => {
    const { sandbox, desk } = await world({ answer });
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/svc');
    await dana.sees('payments is healthy everywhere', { ephemeral: true });
    expect(desk.asked[0]).toMatchObject({ action: 'service.overview', input: {} });
    await dana.command('#general', '/svc help');
    await dana.sees('/svc [overview]', { ephemeral: true });
    await dana.sees('alone opens its form', { ephemeral: true });
  });

  test('with nothing to click is given all the same', async () => {
    const { sandbox } = await world({ answer: { ...answer, isSecret: true, next: [] } });
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/svc payments');
    await dana.sees('payments is healthy everywhere', { ephemeral: true });
  });

  test('is given to a form as well, and its buttons work from there', async () => {
    const { sandbox, desk } = await world({ answer });
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/svc --environment staging');
    await dana.fill('Service', 'payments');
    await dana.submit();
    const first = await dana.sees('payments is healthy everywhere', { ephemeral: true });
    await dana.click('Show to the channel', { in: first });
    await sandbox.as('U0MAX').sees('Shown by Dana Fox', { in: '#general' });
    expect(desk.asked[0]).toMatchObject({ action: 'service.status', input: { service: 'payments' } });
  });

  test('leads on to the next at a click, when that only reads', async () => {
    const next = [{ label: 'Logs', commandLine: '/svc logs payments staging' }];
    const now = { ...answer, next };
    const { sandbox, desk } = await world({ answer: now });
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/svc payments');
    const first = await dana.sees('payments is healthy everywhere', { ephemeral: true });
    Object.assign(now, { sentence: 'These are its last words.' });
    await dana.click('Logs', { in: first });
    await dana.sees('These are its last words', { ephemeral: true });
    expect(desk.asked[1]).toMatchObject({
      action: 'service.logs',
      input: { service: 'payments', environment: 'staging' },
      origin: { surface: 'button' },
    });
  });

  test('for one person alone is not shown to a channel, not even by a button from before', async () => {
    const personal = { ...answer };
    const { sandbox } = await world({ answer: personal });
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/svc logs payments staging');
    const first = await dana.sees('payments is healthy everywhere', { ephemeral: true });
    Object.assign(personal, { isPersonal: true });
    await dana.click('Show to the channel', { in: first });
    await dana.sees('This answer is for you alone', { ephemeral: true });
    await sandbox.as('U0MAX').doesNotSee('payments is healthy everywhere');
  });

  test('is not shown in a channel that another company reads', async () => {
    const { sandbox } = await world({ answer });
    const dana = sandbox.as('U0DANA');
    await dana.command('#deploys', '/svc payments');
    await dana.click('Show to the channel', {
      in: await dana.sees('payments is healthy', { ephemeral: true }),
    });
    await dana.sees('shared with another company', { ephemeral: true });
  });
});
