/** Whether another clock says the same time as ours. */
import { minuteMs, secondMs } from '../../core/duration.ts';
import { type Finding, failure, warning, well } from './finding.ts';

/** Windows and reminders are off by as much; beyond, what is signed for a moment is refused (Slack: 5 minutes). */
const skewMs = { warn: 5 * secondMs, fail: 4 * minuteMs } as const;

/** @param theirs by their clock, and @param ours by ours, in the middle between question and answer. */
export function skewFinding(whose: string, theirs: number, ours: number): Finding {
  const ms = Math.abs(theirs - ours);
  const off = `${Math.round(ms / secondMs)} s`;
  if (ms < skewMs.warn) return well('clock', `Within ${skewMs.warn / secondMs} s of ${whose}.`);
  const next = 'Let both machines follow the same time servers (NTP).';
  const say = ms < skewMs.fail ? warning : failure;
  return say('clock', `${off} ${theirs > ours ? 'behind' : 'ahead of'} ${whose}.`, next);
}
