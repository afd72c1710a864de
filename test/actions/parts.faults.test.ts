/** Every shipped blueprint under faults: what it makes at GitHub is as whole, or as gone, as what it makes in the cluster. */
import { catalog } from '../approvals/shipped.ts';
import { exampleValues } from '../blueprints/examples.ts';
import { testFaultsOf } from './fault-contract.ts';

for (const [blueprint, { inputs }] of Object.entries(catalog.blueprints)) {
  if (blueprint === 'web-service') continue;
  const values = inputs ? exampleValues(inputs) : {};
  const input = { name: 'pr-1', blueprint, values, cpu: 4, memoryGi: 8 };
  testFaultsOf('environment.create', `the blueprint ${blueprint}`, { input }, 'in turn');
}
