import { expect, test } from 'vitest';
import { loadActions } from '../../src/actions/load.ts';
import { askTitle } from '../../src/slack/phrases.ts';
import { preview } from './samples.ts';

const actions = await loadActions();
const target = { kind: 'service', name: 'payments in staging', tier: 'staging', team: 'payments' } as const;
const place = { service: 'payments', environment: 'staging' };

test.each([
  ['deploy', { ...place, version: 'v1.4.2' }, 'Deploy payments v1.4.2 to staging'],
  ['deploy', { ...place, version: 'v1.4.2', at: '2h' }, 'Deploy payments v1.4.2 to staging in 2h'],
  ['deploy', { ...place, version: 'v1.4.2', at: 'in 2h' }, 'Deploy payments v1.4.2 to staging in 2h'],
  [
    'deploy',
    { ...place, version: 'v1.4.2', at: 'tomorrow 09:00' },
    'Deploy payments v1.4.2 to staging tomorrow 09:00',
  ],
  ['deploy.rollback', place, 'Roll back payments in staging'],
  ['deploy.rollback', { ...place, version: 'v1.4.0' }, 'Roll back payments in staging to v1.4.0'],
  [
    'deploy.promote',
    { services: 'payments,checkout', from: 'staging', to: 'production' },
    'Promote payments, checkout from staging to production',
  ],
  ['service.restart', place, 'Restart payments in staging'],
  ['service.scale', { ...place, replicas: 2 }, 'Scale payments to 2 in staging'],
  ['lock.release', place, 'Release the lock of payments in staging'],
])('%s is called what people would call it', (action, input, title) => {
  expect(askTitle(actions, { action, input, target })).toBe(title);
});

test('whom an id means is said by name, once the guardrails have looked at it', () => {
  const request = { action: 'lock.handover', input: { ...place, to: '@U0OLGA' }, target };
  expect(askTitle(actions, { ...request, preview: { ...preview, called: { to: 'Olga Petrova' } } })).toBe(
    'Hand over the lock of payments in staging to Olga Petrova',
  );
});

test('a clone says of what', () => {
  const made = { kind: 'environment', name: 'pr-13', tier: 'dev', team: 'checkout' } as const;
  const askedAs = { action: 'environment.clone', input: { name: 'pr-12', as: 'pr-13' } };
  expect(
    askTitle(actions, { action: 'environment.create', input: { name: 'pr-13' }, target: made, askedAs }),
  ).toBe('Clone environment pr-12 as pr-13');
});
