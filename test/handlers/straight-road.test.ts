import { describe, expect, test } from 'vitest';
import { needs } from './desk.ts';
import { world } from './world.ts';

describe.each(['socket', 'http'] as const)('over %s', (mode) => {
  test('a whole line is a request, and its card appears', async () => {
    const { sandbox, desk } = await world({}, mode);
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/env create checkout-pr-12 —cpu 3 --ttl “4h”');
    await dana.sees('REQ-1', { in: '#general', ephemeral: true });
    const card = await dana.sees('Create environment checkout-pr-12', { in: '#platform-requests' });
    expect(card.text).toBe(
      'Dana Fox asks to create environment checkout-pr-12. It is approved, about to start.',
    );
    expect(desk.asked[0]).toMatchObject({
      action: 'environment.create',
      input: { name: 'checkout-pr-12', cpu: 3, ttl: '4h' },
      requester: { id: 'U0DANA', kind: 'member', email: 'dana@acme.example' },
    });
  });

  test('a form waits for an approval, which a colleague gives', async () => {
    const { sandbox, desk } = await world(
      {
        verdict: (input) => needs(Number(input.cpu) > 4 ? 1 : 2, ['platform-leads'], 'more than 4 CPU'),
        approvers: ['U0LEE'],
      },
      mode,
    );
    const dana = sandbox.as('U0DANA');
    await dana.command('#platform-requests', '/env create');
    await dana.seesModal('Create an environment');
    await dana.fill('Name', 'checkout-pr-12');
    await dana.fill('CPU', '8', { enter: true });
    await dana.waitFor({ kind: 'modal', contains: 'Needs 1 approval from Platform leads: more than 4 CPU' });
    await dana.submit();
    const card = await dana.sees('0 of 1 approval', { in: '#platform-requests', ephemeral: false });

    await dana.click('Approve', { in: card });
    await dana.sees('someone else must answer it', { ephemeral: true });
    await sandbox.as('U0LEE').click('Approve', { in: card });
    await dana.sees('approved, about to start', { in: '#platform-requests' });
    expect(desk.request('REQ-1')).toMatchObject({ status: 'approved', reviews: [{ by: 'U0LEE' }] });
  });
});
