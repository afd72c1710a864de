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
