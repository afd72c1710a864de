/** Whether another clock says the same time as ours. */
import { minuteMs, secondMs } from '../../core/duration.ts';
import { clockSkewMaxMs } from '../../core/lease.ts';
import { type Finding, failure, warning, well } from './finding.ts';

/** Windows and reminders are off by as much; and what others tell, they tell to the second. */
const othersMs = 5 * secondMs;
/** Beyond, what is signed for a moment is refused (Slack: 5 minutes). */
const refusedMs = 4 * minuteMs;

/** @param theirs by their clock, and @param ours by ours, in the middle between question and answer. */
export function skewFinding(whose: string, theirs: number, ours: number): Finding {
  return finding(whose, theirs - ours, othersMs);
}

/**
 * Of the database, by which replicas hold their leases against each other.
 * @param asked when we asked by our clock, and `answered` when we heard: their moment lies in between, and only what is
 * beyond is told.
 */
export function databaseSkewFinding(theirs: number, asked: number, answered: number): Finding {
  const certain = theirs < asked ? theirs - asked : Math.max(0, theirs - answered);
  return finding("the database's clock", certain, clockSkewMaxMs);
}

function finding(whose: string, aheadMs: number, warnMs: number): Finding {
  const ms = Math.abs(aheadMs);
  if (ms <= warnMs) return well('clock', `Within ${warnMs / secondMs} s of ${whose}.`);
  const next = 'Let both machines follow the same time servers (NTP).';
  const say = ms < refusedMs ? warning : failure;
  return say('clock', `${inSeconds(ms)} ${aheadMs > 0 ? 'behind' : 'ahead of'} ${whose}.`, next);
}

/** "0.8 s", "300 s". */
function inSeconds(ms: number): string {
  return `${(ms / secondMs).toFixed(ms < 10 * secondMs ? 1 : 0)} s`;
}
