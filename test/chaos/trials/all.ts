/** Every trial, in the order of the table. */
import type { Trial } from '../stage.ts';
import { answeredTrial } from './answered.ts';
import { diskTrials } from './disk.ts';
import { type KillCounts, killTrials, takeoverTrial } from './killed.ts';
import { networkTrials } from './network.ts';
import { serverTrials } from './server.ts';
import { timeTrials } from './time.ts';

/** Each takes as long as a lease lasts, and what people have asked for meanwhile ends in no faster time. */
const takeovers = 6;

/** Each costs a start. */
const answers = 20;

export function allTrials(counts: KillCounts): readonly Trial[] {
  const lost = takeoverTrial({ times: takeovers });
  const answered = answeredTrial({ times: answers });
  return [
    ...killTrials(counts),
    ...[answered, lost],
    ...diskTrials,
    ...serverTrials,
    ...timeTrials,
    ...networkTrials,
  ];
}
