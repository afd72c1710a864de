/** What a card needs to know beside its request. Pure look-ups only. */
import type { Actions } from '../../core/action.ts';
import type { PlatformRequest } from '../../core/request.ts';
import type { Quorum } from '../../core/verdict.ts';

export interface CardContext {
  readonly actions: Actions;
  /** A group as people call it. */
  groupTitle(name: string): string;
  /** How far the reviews of a waiting request have come. */
  quorumOf(request: PlatformRequest): Quorum;
}
