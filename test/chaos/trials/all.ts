/** Every trial, in the order of the table. */
import type { Trial } from '../stage.ts';
import { diskTrials } from './disk.ts';
import { type KillCounts, killTrials, takeoverTrial } from './killed.ts';
import { networkTrials } from './network.ts';
import { serverTrials } from './server.ts';
import { timeTrials } from './time.ts';

export function allTrials(counts: KillCounts): readonly Trial[] {
  const lost = takeoverTrial({ times: Math.ceil(counts.kills / 10) });
  return [...killTrials(counts), lost, ...diskTrials, ...serverTrials, ...timeTrials, ...networkTrials];
}
