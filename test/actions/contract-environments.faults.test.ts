/** Failure injected at every outside call of everything about environments: a file of its own, so that both halves run at once. */
import { testFaults } from './action-contract.ts';
import { shipped } from './bench-world.ts';

for (const [name, action] of shipped) if (name.startsWith('environment.')) testFaults(name, action);
