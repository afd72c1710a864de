/** A question asked by a form is answered as one that was typed: so that none is a way around the other. */
import { expect, test } from 'vitest';
import type { Answer } from '../../src/core/action.ts';
import type { DeskScript } from './desk.ts';
import { world } from './world.ts';

const answer: Answer = { title: 'payments', sentence: 'It is well.', sections: [], links: [], next: [] };

async function askedByForm(channel: string, given: Partial<Answer>, script: DeskScript = {}) {
  const stage = await world({ answer: { ...answer, ...given }, ...script });
  const dana = stage.sandbox.as('U0DANA');
  await dana.command(channel, '/svc --environment staging');
  await dana.fill('Service', 'payments');
  await dana.submit();
  return { ...stage, dana };
}

test('what opens something is not given where another company reads along', async () => {
  const { dana } = await askedByForm('#deploys', { isSecret: true });
  await dana.sees('no secret is given here', { in: '#deploys', ephemeral: true });
  await dana.doesNotSee('It is well.');
});

test('what opens something is given in a channel of our own', async () => {
  const { dana } = await askedByForm('#general', { isSecret: true });
  await dana.sees('It is well.', { in: '#general', ephemeral: true });
});

test('what is to be followed is followed where the form was opened', async () => {
  const follow = { action: 'service.status', input: { service: 'payments' } };
  const { watched, slack, dana } = await askedByForm('#general', { follow });
  await slack.ingress.drain(1_000);
  expect(watched).toEqual([{ by: 'U0DANA', channel: 'C0GENERAL', follow }]);
  await dana.doesNotSee('It is well.');
});

test('its files go to the direct messages of who asked', async () => {
  const files = [{ name: 'payments.log', content: 'one\ntwo\n', altText: 'Two lines.' }];
  const { dana } = await askedByForm('#general', { files });
  const said = await dana.sees('It is well.', { in: '#general', ephemeral: true });
  expect(JSON.stringify(said.blocks)).toContain('payments.log: in your direct messages');
  await dana.sees('It is well.', { in: 'D0DANA' });
});

test('what says more than an answer may opens its own form in the place of the one that was sent', async () => {
  const newKey = { key: 'JBSWY3DPEHPK3PXP', address: 'otpauth://totp/Greenlight', replaces: false };
  const { dana } = await askedByForm('#general', { opens: 'enrolment' }, { newKey });
  await dana.seesModal('Second factor');
  await dana.doesNotSee('It is well.');
});
