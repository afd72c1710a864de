/** What makes it more or less dangerous, on one line before all details: a sign and the words for each. */
import type { KnownBlock } from '@slack/types';
import type { ChangeFacts } from '../../core/facts.ts';
import type { SeenChange } from '../../core/preview.ts';
import type { PlatformRequest } from '../../core/request.ts';
import { count } from '../../core/text.ts';
import { bold, context, inline } from '../blocks.ts';

/** Reviewers find clearly less in changes beyond so many lines (SmartBear's study at Cisco: 200 to 400). */
const largeLinesMin = 400;

interface Risk {
  /** `!` look at it, `✓` as it should be, `?` nobody can tell. */
  readonly sign: '!' | '✓' | '?';
  readonly text: string;
}

/** While people decide only: once it runs the steps say more. */
export function riskBlocks(request: PlatformRequest): KnownBlock[] {
  const { status, preview, verdict } = request;
  if (!preview || !(status === 'waiting' || status === 'held') || !verdict) return [];
  const risks = risksOf(request);
  if (risks.length === 0) return [];
  const said = risks.map(({ sign, text }) => `${sign} ${inline(text, 120)}`);
  return [context(`${bold('At a glance')}: ${said.join(' · ')}`)];
}

function risksOf({ target, effect, preview }: PlatformRequest): Risk[] {
  const { change } = preview ?? {};
  return [
    ...(target.tier === 'production' ? [look('production')] : []),
    ...(effect === 'destroy' ? [look('removes it for good')] : []),
    ...(change === 'unknown' ? [{ sign: '?' as const, text: 'what changes could not be looked up' }] : []),
    ...(change === undefined || change === 'unknown' ? [] : changeRisks(change)),
  ];
}

/** Requests from before strangers were counted have none. */
type StoredChange = Omit<SeenChange, 'strangers'> & Partial<Pick<SeenChange, 'strangers'>>;

function changeRisks({
  authors,
  strangers = 0,
  checks,
  requiredChecks,
  migrations,
  order,
  size,
}: StoredChange): Risk[] {
  const { files, additions, deletions } = size;
  return [
    ...(requiredChecks === 'none' ? checkRisks[checks] : requiredRisks[requiredChecks]),
    ...(migrations ? [look('migrates data')] : []),
    ...orderRisks[order],
    ...(authors === 'unknown' ? [{ sign: '?' as const, text: 'too large to see who wrote it' }] : []),
    ...(strangers > 0 ? [look(`${count(strangers, 'commit')} by people not in the catalog`)] : []),
    ...(additions + deletions > largeLinesMin
      ? [look(`large: ${count(files, 'file')}, +${additions} −${deletions} lines`)]
      : []),
  ];
}

const look = (text: string): Risk => ({ sign: '!', text });
const fine = (text: string): Risk => ({ sign: '✓', text });

const checkRisks: Readonly<Record<ChangeFacts['checks'], readonly Risk[]>> = {
  green: [fine('checks green')],
  red: [look('checks red')],
  pending: [look('checks still running')],
  none: [look('no checks')],
};

const requiredRisks: Readonly<Record<Exclude<ChangeFacts['requiredChecks'], 'none'>, readonly Risk[]>> = {
  green: [fine('required checks green')],
  red: [look('required checks red')],
  pending: [look('required checks still running')],
  missing: [look('a required check never ran')],
};

const orderRisks: Readonly<Record<ChangeFacts['order'], readonly Risk[]>> = {
  kept: [],
  by_hand: [look('only recorded by hand in the environment before')],
  skipped: [look('skipped the environment before')],
  unknown: [{ sign: '?', text: 'whether it ran in the environment before is not known' }],
};
