/** Every action file keeps the contract; whichever is added next does too, or fails here. Environments: the file beside. */
import { afterAll } from 'vitest';
import { closeWorlds, testAction } from './action-contract.ts';
import { shipped } from './bench-world.ts';

for (const [name, action] of shipped) if (!name.startsWith('environment.')) testAction(name, action);

afterAll(closeWorlds);
