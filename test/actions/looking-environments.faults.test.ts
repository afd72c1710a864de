/** Failure injected at every outside call of every look at environments. */
import { shipped } from './bench-world.ts';
import { testLooking } from './looking-contract.ts';

for (const [name, action] of shipped) if (name.startsWith('environment.')) testLooking(name, action);
