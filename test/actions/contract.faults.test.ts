/** Failure injected at every outside call of every change. Environments and deploys: the files beside. */
import { shipped } from './bench-world.ts';
import { testFaults } from './fault-contract.ts';

for (const [name, action] of shipped) {
  if (!/^(?:environment|deploy)\b/.test(name) && action.effect !== 'read') testFaults(name, action);
}
