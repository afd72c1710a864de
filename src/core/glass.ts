/** Asking not to wait: what is remembered of it, and how an emergency is closed. Pure. */
import type { Moment } from './ids.ts';
import { isSamePerson, type Person } from './person.ts';
import { ok, problem, type Result, refuse } from './problem.ts';
import type { PlatformRequest, RequestEvent } from './request.ts';

/** `override`: in spite of a window, if its people agree. `break_glass`: at once, and looked at afterwards. */
export interface Bypass {
  readonly kind: 'override' | 'break_glass';
  readonly reason: string;
  /** The second factor that came with it, once it was checked and spent. */
  readonly factor?: 'code';
}

export type GlassEvent = { readonly at: Moment } & (
  | {
      readonly type: 'glass_broken';
      /** The rules that it went past. */
      readonly rules: readonly string[];
      /** Groups of which somebody else looks at it afterwards. */
      readonly review: readonly string[];
    }
  | { readonly type: 'glass_reviewed'; readonly by: Person; readonly note?: string }
);

/** An emergency; open until somebody else has looked at it. */
export interface Glass {
  readonly brokenAt: Moment;
  readonly rules: readonly string[];
  readonly review: readonly string[];
  readonly reviewed?: { readonly by: Person; readonly at: Moment; readonly note?: string };
}

/** With what somebody could ask not to wait. */
export interface BypassOffers {
  readonly kinds: readonly Bypass['kind'][];
  /** The emergencies of theirs that nobody has looked at yet, when nothing else keeps them from breaking glass. */
  readonly owed: readonly string[];
}

/** As long as a reason may be: a card is for deciding in ten seconds. */
export const bypassReasonMax = 500;
/** So that a reason is one. */
export const bypassReasonMin = 10;

/** What is wrong with a reason, in words; `undefined` when nothing is. */
export function bypassMistake({ kind, reason }: Bypass): string | undefined {
  const { length } = reason.trim().replaceAll(/\s+/g, ' ');
  if (length >= bypassReasonMin && length <= bypassReasonMax) return undefined;
  return kind === 'override'
    ? 'Going ahead in spite of a window needs a reason.'
    : 'Breaking glass needs a reason.';
}

export function owesReview({ glass }: Pick<PlatformRequest, 'glass'>): boolean {
  return glass !== undefined && glass.reviewed === undefined;
}

/** Whether `by` may close it at all is judged before (approvals/): here it stands that it is somebody else. */
export function reviewGlass(
  request: PlatformRequest,
  { by, note }: { readonly by: Person; readonly note?: string },
  now: Moment,
): Result<readonly RequestEvent[]> {
  const { id, glass, requester } = request;
  if (!glass) {
    return refuse(
      problem('not_waiting', `${id} was no emergency.`, 'There is nothing to look at afterwards.'),
    );
  }
  if (isSamePerson(by, requester)) return refuse(ownEmergency());
  if (glass.reviewed) {
    const who = glass.reviewed.by.name;
    return refuse(problem('already_reviewed', `${who} has looked at ${id} already.`, 'Nothing to do.'));
  }
  return ok([{ type: 'glass_reviewed', at: now, by, ...(note === undefined ? {} : { note }) }]);
}

export function ownEmergency() {
  return problem(
    'own_request',
    'You broke glass here yourself, so somebody else must look at it.',
    'Ask one of those who are named on the card.',
  );
}

export function applyGlass(request: PlatformRequest, event: GlassEvent): PlatformRequest {
  if (event.type === 'glass_broken') {
    const { at: brokenAt, rules, review } = event;
    return { ...request, glass: { brokenAt, rules, review } };
  }
  const { at, by, note } = event;
  const reviewed = { at, by, ...(note === undefined ? {} : { note }) };
  return request.glass ? { ...request, glass: { ...request.glass, reviewed } } : request;
}
