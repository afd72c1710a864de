/** The contract for everything about environments, in a file of its own so that both halves run at once. */
import { afterAll } from 'vitest';
import { closeWorlds, testAction } from './action-contract.ts';
import { shipped } from './bench-world.ts';

for (const [name, action] of shipped) if (name.startsWith('environment.')) testAction(name, action);

afterAll(closeWorlds);
