/** Every trial, in the order of the table. */
import type { Trial } from '../stage.ts';
import { diskTrials } from './disk.ts';
import { type KillCounts, killTrials } from './killed.ts';
import { networkTrials } from './network.ts';
import { serverTrials } from './server.ts';
import { timeTrials } from './time.ts';

export function allTrials(counts: KillCounts): readonly Trial[] {
  return [...killTrials(counts), ...diskTrials, ...serverTrials, ...timeTrials, ...networkTrials];
}
