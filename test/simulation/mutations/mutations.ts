/**
 * Mistakes to plant on purpose, each of which takes one guard away. A simulation that does not notice would not notice it
 * either if somebody made it by accident.
 */
import { carryingOut } from './carrying-out.ts';
import { deciding } from './deciding.ts';
import { goingOut } from './going-out.ts';
import { livingOn } from './living-on.ts';
import type { Mutation } from './mutation.ts';
import { telling } from './telling.ts';

export const mutations: readonly Mutation[] = [
  ...deciding,
  ...carryingOut,
  ...goingOut,
  ...livingOn,
  ...telling,
];
