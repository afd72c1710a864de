import { expect, test } from 'vitest';
import { findServices } from '../../src/core/find-services.ts';
import { catalog } from '../approvals/shipped.ts';

const [payments] = Object.values(catalog.services);
if (!payments) throw new Error('the shipped catalog has no service');
const { description: _description, ...silent } = payments;

test('a service is found by its owners, though its catalog entry says nothing of itself', () => {
  const one = {
    ...catalog,
    services: { ledger: { ...silent, title: 'Ledger', owners: ['strangers', 'sre'] } },
  };
  const names = (words: string) => findServices(one, words, 5).map(([name]) => name);
  expect(names('strangers')).toEqual(['ledger']);
  expect(names('ledger')).toEqual(['ledger']);
  expect(names('unicorn')).toEqual([]);
});

test('services are read once for a version of the file, whatever else of the catalog is told anew', () => {
  let reads = 0;
  const counted = {
    ...payments,
    get title() {
      reads += 1;
      return payments.title;
    },
  };
  const file = { ...catalog, services: { payments: counted } };
  findServices(file, 'payments', 5);
  const readOnce = reads;
  // So it is asked for: with whoever is in its groups at the moment.
  findServices({ ...file, groups: { ...file.groups } }, 'payments', 5);
  expect(reads).toBe(readOnce);
});
