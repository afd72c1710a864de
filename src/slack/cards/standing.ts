/** Where a request stands, in a few words. Plain text. */
import type { TakenLock } from '../../core/lock-life.ts';
import type { PlatformRequest } from '../../core/request.ts';
import type { Quorum } from '../../core/verdict.ts';
import { statusWords } from '../phrases.ts';
import { changesAskedText } from './answer-news.ts';
import type { CardContext } from './context.ts';
import { placeText } from './queue.ts';
import { approvalsSoFar } from './requirement.ts';
import { runSoFar } from './run.ts';

/** After the sign on the card, and after "It is" in the sentence. */
export function standing(request: PlatformRequest, context: CardContext): string {
  if (request.stall) return 'waiting for something outside that does not answer';
  switch (request.status) {
    case 'submitted':
      return 'the guardrails are looking at it';
    case 'waiting':
      return waiting(context.quorumOf(request));
    case 'held':
      return 'on hold until a window of the policy is over';
    case 'approved':
      if (request.queue) return `approved, waiting for a lock, ${placeText(request.queue.place)}`;
      return isEarly(request) ? 'approved, and begins at its time' : 'approved, about to start';
    case 'running':
      return `running, ${runSoFar(request)}`;
    case 'undoing':
      return 'being taken back';
    case 'succeeded':
      if (request.lock?.kind === 'person') return lockStands(request.lock);
      if (request.retiredBy) return `done, and removed since by ${request.retiredBy}`;
      if (request.life?.goneAt !== undefined) return 'done, and removed by hand since';
      return request.life?.sleep ? 'done, and asleep now' : 'done';
    case 'failed':
    case 'denied':
    case 'cancelled':
    case 'expired':
      return statusWords[request.status];
  }
}

function waiting(quorum: Quorum): string {
  return changesAskedText(quorum) ?? `waiting, ${approvalsSoFar(quorum)}`;
}

/** As of when the card was drawn last: its start draws it anew. */
function isEarly({ notBefore, updatedAt }: PlatformRequest): boolean {
  return notBefore !== undefined && updatedAt < notBefore;
}

function lockStands({ end }: TakenLock): string {
  if (!end) return 'locked';
  const by = end.by ? ` by ${end.by.name}` : '';
  return { released: `released${by}`, expired: 'ended with its time', stolen: `taken away${by}` }[end.how];
}
