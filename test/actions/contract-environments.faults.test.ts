/** Failure injected at every outside call of everything about environments: a file of its own, so that both halves run at once. */
import { shipped } from './bench-world.ts';
import { testFaults } from './fault-contract.ts';

for (const [name, action] of shipped) {
  if (name.startsWith('environment.') && action.effect !== 'read') {
    // What is only another way to ask for something makes the calls of that.
    testFaults(name, action, action.restated ? 'in turn' : 'thorough');
  }
}
