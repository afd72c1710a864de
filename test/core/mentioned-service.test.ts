import { expect, test } from 'vitest';
import type { Catalog } from '../../src/core/catalog.ts';
import { mentionedServices } from '../../src/core/mentioned-service.ts';
import { catalog as shipped } from '../approvals/shipped.ts';

const inOne = { tier: 'staging', cluster: 'sandbox', namespace: 'shared' } as const;
const { payments } = shipped.services;
if (!payments) throw new Error('the catalog has no payments');
const catalog = {
  ...shipped,
  services: {
    ...shipped.services,
    'card-vault': {
      ...payments,
      title: 'The Card Vault',
      repository: 'acme/vault',
      environments: { staging: { ...inOne, deployment: 'vault' } },
    },
    ledger: { ...payments, title: 'Ledger', repository: 'acme/vault', environments: { staging: inOne } },
  },
} as Catalog;

test.each([
  // Alertmanager's default template, and its labels.
  ['[FIRING:1] HighErrorRate (payments payments-production critical)', [['payments', 'production']]],
  ['*Labels:* `namespace="search-staging"` `service="search"`', [['search', 'staging']]],
  // Grafana's.
  ['Labels:\n - alertname = Latency\n - service = checkout\n - env = prod', [['checkout', 'production']]],
  ['https://grafana.example/d/1?var-service=payments&var-environment=staging', [['payments', 'staging']]],
  ['https://grafana.example/explore?q=%7Bnamespace%3D%22checkout-staging%22%7D', [['checkout', 'staging']]],
  // Datadog's tags and monitors.
  ['[Triggered] p95 is high on service:payments,env:production', [['payments', 'production']]],
  ['{"kube_namespace":"payments-staging","kube_deployment":"payments"}', [['payments', 'staging']]],
  // Fields of an attachment.
  ['Namespace: search-production\nPod: search-7d9c4-x2k', [['search', 'production']]],
  ['app.kubernetes.io/name: checkout', [['checkout']]],
  ['application: The Card Vault', [['card-vault']]],
  ['service: Ledger', [['ledger', 'staging']].map(([one = '']) => [one])],
  // Links to the repository.
  ['failed: https://github.com/acme/checkout/actions/runs/1', [['checkout']]],
  ['https://github.com/acme/payments.git is gone', [['payments']]],
  ['see acme/vault', [['card-vault'], ['ledger']]],
  // A namespace with several: the Pod or the label decides, or nothing does.
  ['namespace="shared" pod="vault-6c5-abc"', [['card-vault', 'staging']]],
  ['namespace="shared" service="ledger"', [['ledger', 'staging']]],
  [
    'namespace="shared" pod="other-1"',
    [
      ['card-vault', 'staging'],
      ['ledger', 'staging'],
    ],
  ],
  ['namespace="kube-system" service="payments"', [['payments']]],
  // Words.
  ['The Card Vault is slow in staging', [['card-vault', 'staging']]],
  ['Resolved: slow checkout between 14:05 and 14:40', [['checkout']]],
  [
    'payments and search are down in production',
    [
      ['payments', 'production'],
      ['search', 'production'],
    ],
  ],
  ['payments went from staging to production', [['payments']]],
  ['Broken: %E0%A4%A payments', [['payments']]],
  ['nothing of ours', []],
  ['', []],
] as const)('%s', (text, expected) => {
  const found = mentionedServices(text, catalog).map(({ service, environment }) =>
    environment === undefined ? [service] : [service, environment],
  );
  expect(found).toEqual(expected);
});

test('a text of any length and form is looked at quickly, and asks for nothing', () => {
  const before = performance.now();
  for (const part of ['service=', 'a/', '"', 'payments-staging ', '%41', '=:', 'a.b-c_d ']) {
    mentionedServices(part.repeat(50_000), catalog);
  }
  expect(performance.now() - before).toBeLessThan(2_000);
});
