/** Every action file keeps the contract; whichever is added next does too, or fails here. */
import { testAction } from './action-contract.ts';
import { shipped } from './bench-world.ts';

for (const [name, action] of shipped) testAction(name, action);
