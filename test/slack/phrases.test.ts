import { expect, test } from 'vitest';
import { loadActions } from '../../src/actions/load.ts';
import { askTitle } from '../../src/slack/phrases.ts';

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
