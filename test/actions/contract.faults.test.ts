/** Failure injected at every outside call of every action file. Environments: the file beside. */
import { testFaults } from './action-contract.ts';
import { shipped } from './bench-world.ts';

for (const [name, action] of shipped) if (!name.startsWith('environment.')) testFaults(name, action);
