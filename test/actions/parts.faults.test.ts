/** A complete environment under faults: what is made at GitHub is as whole, or as gone, as what is made in the cluster. */
import { testFaultsOf } from './action-contract.ts';

testFaultsOf('environment.create', 'the blueprint complete', {
  ...{ name: 'pr-1', blueprint: 'complete', values: { repository: 'payments' } },
  ...{ cpu: 4, memoryGi: 8 },
});
