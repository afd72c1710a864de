/** Failure injected at every outside call of every deploy, by each strategy. */
import { shipped } from './bench-world.ts';
import { testFaults, testFaultsOf } from './fault-contract.ts';

for (const [name, action] of shipped) {
  if (/^deploy\b/.test(name) && action.effect !== 'read') {
    // A set makes the calls of each of its deploys.
    testFaults(name, action, name === 'deploy.promote' ? 'in turn' : 'thorough');
  }
}

const search = { service: 'search', environment: 'production' };
testFaultsOf('deploy.rollback', 'by image', {
  input: search,
  before: [{ action: 'deploy', input: { ...search, version: 'v0.9.4' } }],
});
