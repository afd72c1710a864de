/** Whether somebody may look at another's emergency afterwards, and if not, why, in words for them. */
import { ownEmergency } from '../core/glass.ts';
import { isSamePerson, type Standing } from '../core/person.ts';
import { ok, problem, type Result, refuse } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import { listOf } from '../core/text.ts';
import { type GroupTitles, titleOf } from './group-titles.ts';
import { membershipUnknown, notAMember } from './judge-reviewer.ts';

export function judgeGlassReviewer(
  { id, requester, glass }: Pick<PlatformRequest, 'id' | 'requester' | 'glass'>,
  { person, groups, unknownGroups = {} }: Standing,
  titles: GroupTitles = {},
): Result<undefined> {
  if (isSamePerson(person, requester)) return refuse(ownEmergency());
  if (person.kind !== 'member') return refuse(notAMember(person.kind));
  if (groups === 'unknown') return refuse(membershipUnknown());
  const wanted = glass?.review ?? [];
  if (wanted.some((group) => groups.includes(group))) return ok(undefined);
  const doubted = wanted.flatMap((group) => unknownGroups[group] ?? []);
  if (doubted.length > 0) return refuse(membershipUnknown(doubted));
  const who = listOf(
    wanted.map((group) => titleOf(group, titles)),
    'or',
  );
  return refuse(
    problem(
      'not_eligible',
      `${id} is looked at by ${who || 'nobody'}, and you are in none of these groups.`,
      'Ask somebody who is.',
    ),
  );
}
